namespace MLClassify.WeightFiles.Onnx;

/// <summary>
/// What an exported model does to an image's values before the network sees them: <c>byte * Factors[c] + Offsets[c]</c> for each channel
/// c of the network's input.
/// </summary>
internal sealed record OnnxInput
{
    /// <summary>A factor for each channel, in the network's order.</summary>
    public required IReadOnlyList<double> Factors { get; init; }

    /// <summary>A summand for each channel, in the network's order.</summary>
    public required IReadOnlyList<double> Offsets { get; init; }

    /// <summary>Whether the network takes blue, green, red; the file always takes red, green, blue. Default false.</summary>
    public bool IsReversed { get; init; }
}
