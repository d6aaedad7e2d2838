namespace MLClassify.Trainers;

/// <summary>The same rate at every step.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override SchedulePoint Compute(long step, long totalSteps) => new(1);
}
