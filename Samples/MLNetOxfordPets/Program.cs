using MLClassify.Samples;
using MLClassify.Samples.MLNetOxfordPets;

return await SampleHost.RunAsync(args, MLNetOxfordPetsSample.RunAsync);
