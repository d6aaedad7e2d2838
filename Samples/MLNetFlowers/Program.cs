using MLClassify.Samples;
using MLClassify.Samples.MLNetFlowers;

return await SampleHost.RunAsync(args, MLNetFlowersSample.RunAsync);
