using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The same rate at every step.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps) => new(1);
}
