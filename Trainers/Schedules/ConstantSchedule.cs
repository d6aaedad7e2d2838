using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The same rate at every step.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps) => new(1);
}
