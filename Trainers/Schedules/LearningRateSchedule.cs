using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>A learning rate over time: a pure function of the step, so that a run can be resumed at any of them.</summary>
internal abstract record LearningRateSchedule
{
    /// <summary>What holds at a step.</summary>
    /// <param name="step">The step, counted from 0; one step is one batch.</param>
    /// <param name="totalSteps">The steps of the whole run, at least 1; beyond them the last one's point holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public StepSettings At(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        return Compute(Math.Min(step, totalSteps - 1), totalSteps);
    }

    /// <summary>The schedule that options ask for, warm-up included; plateaus are a constant one, whose factor <see cref="PlateauRule"/> knows.</summary>
    /// <param name="options">Kind and what belongs to it.</param>
    /// <param name="epochs">Epochs of the schedule, at least 1.</param>
    /// <param name="stepsPerEpoch">Steps of the optimizer in an epoch, at least 1.</param>
    public static LearningRateSchedule Create(FineTuneOptions options, int epochs, long stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        long warmup = (long)Math.Ceiling(options.Schedule.WarmupEpochs * stepsPerEpoch);
        LearningRateSchedule schedule = options.Schedule.Kind switch
        {
            ScheduleKind.Constant or ScheduleKind.Plateau => new ConstantSchedule(),
            ScheduleKind.Step when options.Schedule.StepEpochs is { } after =>
                new MilestoneSchedule { Milestones = [.. after.Select(e => Math.Max(0, ((e - options.Freezing.Epochs) * stepsPerEpoch) - warmup))] },
            ScheduleKind.Step => new StepSchedule { Every = Math.Max(1, (epochs + 2) / 3) * stepsPerEpoch },
            ScheduleKind.Cosine => new CosineSchedule(),
            ScheduleKind.OneCycle => new OneCycleSchedule(),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Schedule.Kind, "This schedule does not exist."),
        };
        return warmup > 0 ? new WarmupSchedule { Then = schedule, Steps = warmup } : schedule;
    }

    /// <summary>What holds at a step of the run.</summary>
    /// <param name="step">0 to <paramref name="totalSteps"/> - 1.</param>
    /// <param name="totalSteps">At least 1.</param>
    protected abstract StepSettings Compute(long step, long totalSteps);

    /// <summary>Half a cosine from one value to another.</summary>
    /// <param name="from">The value at 0.</param>
    /// <param name="to">The value at 1.</param>
    /// <param name="position">The place between them.</param>
    protected static double Anneal(double from, double to, double position) =>
        to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * position)));
}
