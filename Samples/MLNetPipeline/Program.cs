using MLClassify.Samples;
using MLClassify.Samples.MLNetPipeline;

return await SampleHost.RunAsync(args, MLNetPipelineSample.RunAsync);
