namespace MLClassify.Engines;

/// <summary>A loss as data: <see cref="SoftmaxCrossEntropy"/> or <see cref="MeanSquaredError"/>.</summary>
internal abstract record LossSpec
{
    private protected LossSpec()
    {
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal virtual void Validate()
    {
    }
}

/// <summary>
/// Cross-entropy between the softmax of the outputs and <see cref="Targets.Labels"/> or <see cref="Targets.Distributions"/>; the mean over the
/// batch is minimized.
/// </summary>
internal sealed record SoftmaxCrossEntropy : LossSpec
{
    /// <summary>The share of the target spread evenly over all classes, for labels; distributions bring their own. Default 0; in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    internal override void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(LabelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(LabelSmoothing, 1);
    }
}

/// <summary>The mean squared difference between the outputs and <see cref="Targets.Values"/>; the mean over the batch is minimized.</summary>
internal sealed record MeanSquaredError : LossSpec;
