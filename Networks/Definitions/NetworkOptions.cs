namespace MLClassify.Networks;

/// <summary>The options of a network: classes, input size, head, dropout.</summary>
public sealed record NetworkOptions
{
    /// <summary>The largest side of an input, in pixels.</summary>
    public const int MaximumInputSize = 4096;

    /// <summary>The largest number of classes.</summary>
    public const int MaximumClasses = 1_000_000;

    /// <summary>The widest hidden layer of a head.</summary>
    public const int MaximumHeadWidth = 65_536;

    /// <summary>The hidden layer's width where nothing else is said.</summary>
    public const int DefaultHeadWidth = 512;

    /// <summary>The number of classes. Default 1000; 1 to <see cref="MaximumClasses"/>.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>The input's rows. Default 224; from the network's minimum to <see cref="MaximumInputSize"/>.</summary>
    public int InputHeight { get; init; } = 224;

    /// <summary>The input's columns. Default 224; from the network's minimum to <see cref="MaximumInputSize"/>.</summary>
    public int InputWidth { get; init; } = 224;

    /// <summary>The head (classifier) that follows the features. Default <see cref="HeadKind.Original"/>.</summary>
    public HeadKind Head { get; init; } = HeadKind.Original;

    /// <summary>
    /// The width of a <see cref="HeadKind.Mlp"/> head's layer; other heads have none. Default 512; 1 to <see cref="MaximumHeadWidth"/>.
    /// </summary>
    public int HeadWidth { get; init; } = DefaultHeadWidth;

    /// <summary>
    /// The share that every dropout layer drops, in [0, 1); where it is null, the default, the network's own, and half after a hidden
    /// layer of the head.
    /// </summary>
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
            return FormattableString.Invariant($"the head must be Original, Linear or Mlp, got {(int)Head}");
        }

        if (HeadWidth is < 1 or > MaximumHeadWidth)
        {
            return FormattableString.Invariant($"the head's width must be 1 to {MaximumHeadWidth}, got {HeadWidth}");
        }

        return Dropout is null or (>= 0 and < 1)
            ? null
            : FormattableString.Invariant($"the dropout must be at least 0 and below 1, got {Dropout}");
    }
}
