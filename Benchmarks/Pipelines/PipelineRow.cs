using Microsoft.ML;

namespace MLClassify.Benchmarks.Pipelines;

/// <summary>A pipeline of ML.NET's that is measured.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Create">Makes it, reading the columns <c>ImagePath</c> and <c>Label</c>.</param>
internal sealed record PipelineRow(string Name, string Title, Func<MLContext, PipelineSettings, IEstimator<ITransformer>> Create);

/// <summary>What the pipelines need to know.</summary>
/// <param name="MobileNet">The file with MobileNetV2's weights.</param>
/// <param name="Epochs">Epochs where a whole network is trained.</param>
/// <param name="Threads">Threads that compute in this library; all cores when 0.</param>
internal sealed record PipelineSettings(string MobileNet, int Epochs, int Threads);
