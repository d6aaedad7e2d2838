using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// Another schedule, before which the rate rises in a straight line from <c>1 / Steps</c> of its first value (Goyal et al. 2017,
/// arXiv:1706.02677, section 2.2). The other schedule has the steps that are left.
/// </summary>
internal sealed record WarmupSchedule : LearningRateSchedule
{
    /// <summary>What follows.</summary>
    public required LearningRateSchedule Then { get; init; }

    /// <summary>Steps of the rise; at least 0. Where the run is shorter it is all rise.</summary>
    public required long Steps { get; init; }

    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        if (step >= Steps)
        {
            return Then.At(step - Steps, Math.Max(1, totalSteps - Steps));
        }

        StepSettings first = Then.At(0, Math.Max(1, totalSteps - Steps));
        return first with { RateFactor = first.RateFactor * (step + 1) / Steps };
    }
}
