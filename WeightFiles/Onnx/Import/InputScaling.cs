namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>What an ONNX model has done to its input so far: channels reversed or not, then each times its factor, plus its offset.</summary>
internal sealed record InputScaling(IReadOnlyList<double> Factors, IReadOnlyList<double> Offsets, bool IsReversed)
{
    /// <summary>Nothing done to some channels.</summary>
    public static InputScaling None(int channels) =>
        new([.. Enumerable.Repeat(1.0, channels)], [.. Enumerable.Repeat(0.0, channels)], false);

    /// <summary>This, then a factor and an offset for each channel.</summary>
    public InputScaling Then(IReadOnlyList<double> factors, IReadOnlyList<double> offsets) => this with
    {
        Factors = [.. Factors.Select((f, i) => f * factors[i])],
        Offsets = [.. Offsets.Select((o, i) => (o * factors[i]) + offsets[i])],
    };

    /// <summary>This, then the channels in reverse.</summary>
    public InputScaling Reversed() => new([.. Factors.Reverse()], [.. Offsets.Reverse()], !IsReversed);

    /// <summary>Whether another does the same.</summary>
    public bool IsSame(InputScaling other) =>
        Factors.SequenceEqual(other.Factors) && Offsets.SequenceEqual(other.Offsets) && IsReversed == other.IsReversed;
}
