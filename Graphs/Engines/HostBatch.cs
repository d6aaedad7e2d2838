namespace MLClassify.Engines;

/// <summary>Samples in host memory with their targets.</summary>
/// <param name="inputs">The samples, <c>[batch, H, W, C]</c>.</param>
/// <param name="targets">The targets; their number is the batch size.</param>
internal readonly ref struct HostBatch(ReadOnlySpan<float> inputs, Targets targets)
{
    /// <summary>The samples, <c>[batch, H, W, C]</c>.</summary>
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    /// <summary>What their outputs should be.</summary>
    public Targets Targets { get; } = targets;
}

/// <summary>The targets of a batch: labels, distributions over the classes, or values.</summary>
internal readonly ref struct Targets
{
    private Targets(TargetKind kind, ReadOnlySpan<int> labels, ReadOnlySpan<float> rows)
    {
        Kind = kind;
        LabelSpan = labels;
        RowSpan = rows;
    }

    /// <summary>What they are.</summary>
    public TargetKind Kind { get; }

    /// <summary>The true classes, where there are labels: <c>[batch]</c>.</summary>
    public ReadOnlySpan<int> LabelSpan { get; }

    /// <summary>The distributions or values, where there are such: <c>[batch, outputs]</c>.</summary>
    public ReadOnlySpan<float> RowSpan { get; }

    /// <summary>Each sample's true class.</summary>
    /// <param name="labels">The classes, <c>[batch]</c>.</param>
    public static Targets Labels(ReadOnlySpan<int> labels) => new(TargetKind.Labels, labels, default);

    /// <summary>Distributions over the classes, as mixed images and weighted classes have.</summary>
    /// <param name="rows">A row for each sample, <c>[batch, classes]</c>, of values of at least 0; a row's sum is the sample's weight.</param>
    public static Targets Distributions(ReadOnlySpan<float> rows) => new(TargetKind.Distributions, default, rows);

    /// <summary>The values that the outputs should have.</summary>
    /// <param name="rows">A row for each sample, <c>[batch, outputs]</c>.</param>
    public static Targets Values(ReadOnlySpan<float> rows) => new(TargetKind.Values, default, rows);
}

/// <summary>The kinds of <see cref="Targets"/>.</summary>
internal enum TargetKind
{
    /// <summary>Each sample's true class.</summary>
    Labels,

    /// <summary>Distributions over the classes.</summary>
    Distributions,

    /// <summary>The values that the outputs should have.</summary>
    Values,
}
