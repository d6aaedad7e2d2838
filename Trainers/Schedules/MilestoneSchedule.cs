using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The rate is multiplied by <see cref="Gamma"/> at given steps; PyTorch's <c>MultiStepLR</c>.</summary>
internal sealed record MilestoneSchedule : LearningRateSchedule
{
    /// <summary>The factor. Default 0.1; above 0.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>The steps from which on the next factor holds, ascending.</summary>
    public required IReadOnlyList<long> Milestones { get; init; }

    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps) => new(Math.Pow(Gamma, Milestones.Count(m => step >= m)));
}
