using MLClassify.Samples;
using MLClassify.Samples.OnnxInference;

return await SampleHost.RunAsync(args, OnnxInferenceSample.RunAsync);
