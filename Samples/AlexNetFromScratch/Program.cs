using MLClassify.Samples;
using MLClassify.Samples.AlexNetFromScratch;

return await SampleHost.RunAsync(args, AlexNetFromScratchSample.RunAsync);
