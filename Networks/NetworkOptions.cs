namespace MLClassify.Networks;

/// <summary>The choices left open by a network's definition.</summary>
public sealed record NetworkOptions
{
    /// <summary>The largest side of an input, in pixels.</summary>
    public const int MaximumInputSize = 4096;

    /// <summary>The largest number of classes.</summary>
    public const int MaximumClasses = 1_000_000;

    /// <summary>The number of classes. Default 1000; 1 to <see cref="MaximumClasses"/>.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>The input's rows. Default 224; from the network's minimum to <see cref="MaximumInputSize"/>.</summary>
    public int InputHeight { get; init; } = 224;

    /// <summary>The input's columns. Default 224; from the network's minimum to <see cref="MaximumInputSize"/>.</summary>
    public int InputWidth { get; init; } = 224;

    /// <summary>What stands after the features. Default <see cref="HeadKind.Native"/>.</summary>
    public HeadKind Head { get; init; } = HeadKind.Native;

    /// <summary>The share that every dropout layer drops, in [0, 1); the network's own where it is null, the default.</summary>
    public float? Dropout { get; init; }

    /// <summary>What is wrong with these options for any network, or null.</summary>
    internal string? Problem()
    {
        if (Classes is < 1 or > MaximumClasses)
        {
            return FormattableString.Invariant($"the number of classes must be 1 to {MaximumClasses}, got {Classes}");
        }

        if (InputHeight is < 1 or > MaximumInputSize || InputWidth is < 1 or > MaximumInputSize)
        {
            return FormattableString.Invariant(
                $"the input must be 1 to {MaximumInputSize} pixels on each side, got {InputHeight} x {InputWidth}");
        }

        if (!Enum.IsDefined(Head))
        {
            return FormattableString.Invariant($"the head must be native or linear, got {(int)Head}");
        }

        return Dropout is null or (>= 0 and < 1)
            ? null
            : FormattableString.Invariant($"the dropout must be at least 0 and below 1, got {Dropout}");
    }
}
