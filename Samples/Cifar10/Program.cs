using MLClassify.Samples;
using MLClassify.Samples.Cifar10;

return await SampleHost.RunAsync(args, Cifar10Sample.RunAsync);
