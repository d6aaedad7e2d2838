using MLClassify.Samples;
using MLClassify.Samples.OxfordPets;

return await SampleHost.RunAsync(args, OxfordPetsSample.RunAsync);
