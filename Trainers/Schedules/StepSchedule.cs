using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The rate is multiplied by <see cref="Gamma"/> after every <see cref="Every"/> steps; PyTorch's <c>StepLR</c>.</summary>
internal sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>The factor. Default 0.1; above 0.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Steps between drops; at least 1.</summary>
    public required long Every { get; init; }

    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Every, 1);
        return new(Math.Pow(Gamma, step / Every));
    }
}
