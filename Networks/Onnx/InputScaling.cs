namespace MLClassify.Networks.Onnx;

/// <summary>
/// What an ONNX model does to its input before its first layer: each channel times its factor, plus its offset. The graph begins after it.
/// </summary>
/// <param name="Factors">A factor for each channel.</param>
/// <param name="Offsets">An offset for each channel.</param>
public sealed record InputScaling(IReadOnlyList<float> Factors, IReadOnlyList<float> Offsets)
{
    /// <summary>Nothing done to some channels.</summary>
    /// <param name="channels">The number of channels.</param>
    internal static InputScaling None(int channels) =>
        new([.. Enumerable.Repeat(1f, channels)], [.. Enumerable.Repeat(0f, channels)]);

    /// <summary>This, then a factor and an offset for each channel.</summary>
    internal InputScaling Then(IReadOnlyList<float> factors, IReadOnlyList<float> offsets) => new(
        [.. Factors.Select((f, i) => f * factors[i])],
        [.. Offsets.Select((o, i) => (float)(((double)o * factors[i]) + offsets[i]))]);

    /// <summary>Whether another does the same.</summary>
    internal bool IsSame(InputScaling other) => Factors.SequenceEqual(other.Factors) && Offsets.SequenceEqual(other.Offsets);
}
