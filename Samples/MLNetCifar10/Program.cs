using MLClassify.Samples;
using MLClassify.Samples.MLNetCifar10;

return await SampleHost.RunAsync(args, MLNetCifar10Sample.RunAsync);
