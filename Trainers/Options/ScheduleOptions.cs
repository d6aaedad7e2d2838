using MLClassify.Trainers;

namespace MLClassify;

/// <summary>The learning rate over time. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record ScheduleOptions
{
    private const string Group = nameof(FineTuneOptions.Schedule);

    /// <summary>Its course. Default <see cref="ScheduleKind.Cosine"/>.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Cosine;

    /// <summary>
    /// The epochs after which <see cref="ScheduleKind.Step"/> divides the rate by ten, ascending. Default null: after each third of the
    /// epochs. No other schedule has them.
    /// </summary>
    public IReadOnlyList<int>? StepEpochs { get; init; }

    /// <summary>
    /// Epochs without a better validation accuracy after which <see cref="ScheduleKind.Plateau"/> divides the rate by ten. Default 5; at
    /// least 1.
    /// </summary>
    public int PlateauPatience { get; init; } = 5;

    /// <summary>
    /// The most reductions of the rate by <see cref="ScheduleKind.Plateau"/>; where one more would be due, training ends. Default 0: no
    /// limit; at least 0.
    /// </summary>
    public int MaxRateReductions { get; init; }

    /// <summary>
    /// Warm-up: epochs, which may be fractional, over which the rate rises linearly from 0 before the schedule begins. Default 0; at least
    /// 0, at most 1,000.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(PlateauPatience)}", PlateauPatience, 1, int.MaxValue);
        OptionRange.Check($"{Group}.{nameof(MaxRateReductions)}", MaxRateReductions, 0, int.MaxValue);
        OptionRange.Check($"{Group}.{nameof(WarmupEpochs)}", WarmupEpochs, 0, 1_000);
        if (StepEpochs is not null && (Kind != ScheduleKind.Step || StepEpochs.Any(e => e < 1) || !StepEpochs.SequenceEqual(StepEpochs.Order().Distinct())))
        {
            throw OptionError.Create(
                $"{Group}.{nameof(StepEpochs)}",
                $"{Group}.{nameof(StepEpochs)} is {string.Join(",", StepEpochs)}; it must be ascending, from 1, and {Group}.{nameof(Kind)} {nameof(ScheduleKind.Step)}.");
        }
    }
}
