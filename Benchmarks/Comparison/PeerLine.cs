using System.Text.Json;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.Comparison;

/// <summary>What the comparison reads of a line that any side printed: a process and one mode a line, so that its memory is that mode's.</summary>
internal sealed record PeerLine
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The side's name, then its version.</summary>
    public required string Peer { get; init; }

    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>Images in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>Images a second in training.</summary>
    public double? TrainImagesPerS { get; init; }

    /// <summary>Images a second in inference.</summary>
    public double? InferImagesPerS { get; init; }

    /// <summary>Images a second of frozen features.</summary>
    public double? FrozenImagesPerS { get; init; }

    /// <summary>The most physical memory, in MiB.</summary>
    public double? PeakRssMb { get; init; }

    /// <summary>Share of the multiply-add peak.</summary>
    public double? PercentOfPeak { get; init; }

    /// <summary>Bytes allocated on the managed heap in a step.</summary>
    public double? ManagedBytesPerStep { get; init; }

    /// <summary>The side's name without its version.</summary>
    public string Side => Peer.Split(' ')[0];

    /// <summary>Reads lines; what does not begin with a brace is skipped.</summary>
    /// <param name="lines">The lines.</param>
    /// <exception cref="InvalidDataException">A line with a brace is not as it should be; the message has its number.</exception>
    public static IReadOnlyList<PeerLine> Read(IEnumerable<string> lines) =>
        [.. lines.Index().Where(line => line.Item.StartsWith('{')).Select(line => Parse(line.Item, line.Index + 1))];

    private static PeerLine Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<PeerLine>(line, Json)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(FormattableString.Invariant($"line {number}: {exception.Message}"), exception);
        }
    }
}
