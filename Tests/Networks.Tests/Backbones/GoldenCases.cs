using System.Text.Json.Serialization;

namespace MLClassify.Networks.Tests.Backbones;

internal sealed record OutputCase(string Network, HeadKind Head, int Height, int Width, int Batch, float[] Values);

internal sealed record TrainingCase(
    string Network, HeadKind Head, int Height, int Width, int Batch, double Loss, GoldenGradient[] Gradients, GoldenStatistic[] Statistics);

internal sealed record GoldenGradient(
    string Name,
    double Norm,
    double Projection,
    [property: JsonPropertyName("float32_error")] double Float32Error);

internal sealed record GoldenStatistic(string Name, double Norm);

internal sealed record PretrainedCase(
    [property: JsonPropertyName("squeezenet1_1_logits")] float[] SqueezeNetLogits,
    [property: JsonPropertyName("mobilenet_v2_features")] float[] MobileNetFeatures);
