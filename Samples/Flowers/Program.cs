using MLClassify.Samples;
using MLClassify.Samples.Flowers;

return await SampleHost.RunAsync(args, FlowersSample.RunAsync);
