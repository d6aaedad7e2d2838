using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// Up from a small rate to the full one, then down to almost nothing, both along half a cosine (Smith and Topin 2018, arXiv:1708.07120);
/// PyTorch's <c>OneCycleLR</c> with cosine annealing and two phases.
/// </summary>
internal sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>The share of steps that go up. Default 0.3; in [0, 1].</summary>
    public double WarmupShare { get; init; } = 0.3;

    /// <summary>The full rate divided by the first one. Default 25; at least 1.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>The first rate divided by the last one. Default 10,000; at least 1.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>Whether the momentum goes the other way, <see cref="MaxMomentum"/> to <see cref="BaseMomentum"/> and back. Default false: it stays as configured.</summary>
    public bool CycleMomentum { get; init; }

    /// <summary>The momentum at the full rate. Default 0.85.</summary>
    public double BaseMomentum { get; init; } = 0.85;

    /// <summary>The momentum at both ends. Default 0.95.</summary>
    public double MaxMomentum { get; init; } = 0.95;

    /// <inheritdoc/>
    protected override StepSettings Compute(long step, long totalSteps)
    {
        double initial = 1 / InitialDivisor;
        double last = totalSteps - 1;
        double peak = Math.Max(0, (WarmupShare * totalSteps) - 1);
        if (step <= peak && peak > 0)
        {
            return Point(initial, 1, MaxMomentum, BaseMomentum, step / peak);
        }

        // A run so short that nothing lies after the peak ends at the full rate.
        double position = last > peak ? (step - peak) / (last - peak) : 0;
        return Point(1, initial / FinalDivisor, BaseMomentum, MaxMomentum, position);
    }

    private StepSettings Point(double fromRate, double toRate, double fromMomentum, double toMomentum, double position) =>
        new(Anneal(fromRate, toRate, position), CycleMomentum ? Anneal(fromMomentum, toMomentum, position) : null);
}
