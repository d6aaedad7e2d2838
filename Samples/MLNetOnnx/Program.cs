using MLClassify.Samples;
using MLClassify.Samples.MLNetOnnx;

return await SampleHost.RunAsync(args, MLNetOnnxSample.RunAsync);
