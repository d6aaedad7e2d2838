using MLClassify.Samples;
using MLClassify.Samples.HyperparameterStudy;

return await SampleHost.RunAsync(args, HyperparameterStudySample.RunAsync);
