using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.WholeNetworks;

/// <summary>What one mode of a network took.</summary>
/// <param name="ImagesPerS">Images a second, by the median step.</param>
/// <param name="MillisecondsPerStep">The median step.</param>
/// <param name="BestMillisecondsPerStep">The fastest step.</param>
/// <param name="Gflops">Giga-operations a second, by the median step.</param>
/// <param name="PercentOfPeak">The same as a share of the multiply-add peak.</param>
/// <param name="ManagedBytesPerStep">Bytes allocated on the managed heap in a step.</param>
internal sealed record ModeResult(
    double ImagesPerS,
    double MillisecondsPerStep,
    double BestMillisecondsPerStep,
    double Gflops,
    double PercentOfPeak,
    double ManagedBytesPerStep);

/// <summary>
/// One line of output: first the fields that every peer's line has, then more. <see cref="Gflops"/>, <see cref="PercentOfPeak"/> and
/// <see cref="ManagedBytesPerStep"/> are of the heaviest mode in the line: training, else inference, else features.
/// </summary>
internal sealed record NetworkResult
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Whose figures these are.</summary>
    public string Peer { get; } = "mlclassify";

    /// <summary>The network's name.</summary>
    public required string Network { get; init; }

    /// <summary>Images in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>The input's side in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>Images a second in training.</summary>
    public double? TrainImagesPerS => Train?.ImagesPerS;

    /// <summary>Images a second in inference.</summary>
    public double? InferImagesPerS => Infer?.ImagesPerS;

    /// <summary>Images a second of frozen features.</summary>
    public double? FrozenImagesPerS => Frozen?.ImagesPerS;

    /// <summary>Giga-operations a second.</summary>
    public double? Gflops => Heaviest?.Gflops;

    /// <summary>The same as a share of the multiply-add peak.</summary>
    public double? PercentOfPeak => Heaviest?.PercentOfPeak;

    /// <summary>The most physical memory that the process has held meanwhile, in MiB; absent where the system does not tell.</summary>
    public double? PeakRssMb { get; init; }

    /// <summary>Bytes allocated on the managed heap in a step.</summary>
    public double? ManagedBytesPerStep => Heaviest?.ManagedBytesPerStep;

    /// <summary>The vector width.</summary>
    public required string Level { get; init; }

    /// <summary>The multiply-add peak at this width and number of threads, in GFLOP/s.</summary>
    public required double PeakGflops { get; init; }

    /// <summary>Training, if measured.</summary>
    public ModeResult? Train { get; init; }

    /// <summary>Inference, if measured.</summary>
    public ModeResult? Infer { get; init; }

    /// <summary>Frozen features, if measured.</summary>
    public ModeResult? Frozen { get; init; }

    private ModeResult? Heaviest => Train ?? Infer ?? Frozen;

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
