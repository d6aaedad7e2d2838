using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>
/// Keeps a copy of the best epoch's parameters: the best of one figure of the validation images, by default the highest accuracy; the
/// lowest loss among equals, the earliest among those.
/// </summary>
internal sealed class BestCheckpoint : IDisposable
{
    private readonly ParameterStore _copy;
    private readonly MonitoredMetric _metric;

    /// <summary>Keeps nothing yet.</summary>
    /// <param name="copy">Where the best values go: the parameters that training changes.</param>
    /// <param name="metric">What is compared.</param>
    public BestCheckpoint(ParameterStore copy, MonitoredMetric metric = MonitoredMetric.Accuracy) => (_copy, _metric) = (copy, metric);

    /// <summary>The best epoch; null before the first.</summary>
    public EpochResult? Epoch { get; private set; }

    /// <summary>The validation result of the best epoch; null before the first.</summary>
    public EvaluationResult? Report { get; private set; }

    /// <summary>Looks at an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="report">The validation result.</param>
    /// <param name="current">The parameters now.</param>
    /// <returns>Whether it is the best so far.</returns>
    public bool TryUpdate(EpochResult epoch, EvaluationResult report, ParameterStore current)
    {
        if (Report is not null && !IsBetter(report, Report))
        {
            return false;
        }

        (Epoch, Report) = (epoch, report);
        _copy.CopyFrom(current);
        return true;
    }

    /// <summary>The best epoch's values; those of the run's start before the first.</summary>
    public ParameterStore Values => _copy;

    /// <summary>Takes up a run that was interrupted; <see cref="Values"/> are set by the caller.</summary>
    /// <param name="epoch">The best epoch so far.</param>
    /// <param name="report">Its validation result.</param>
    public void Resume(EpochResult epoch, EvaluationResult report) => (Epoch, Report) = (epoch, report);

    /// <summary>Copies the best values to a store that has at least these parameters; does nothing before the first epoch.</summary>
    /// <param name="target">The set.</param>
    public void Restore(ParameterStore target)
    {
        if (Epoch is null)
        {
            return;
        }

        _copy.CopyTo(target);
    }

    public void Dispose() => _copy.Dispose();

    // A loss that is not a number beats nothing, and is beaten by any that is.
    private bool IsBetter(EvaluationResult candidate, EvaluationResult best)
    {
        // Counts are exact where all images are compared; the same images are in both results.
        int order = _metric switch
        {
            MonitoredMetric.Accuracy => candidate.Correct.CompareTo(best.Correct),
            MonitoredMetric.Balanced => candidate.BalancedAccuracy.CompareTo(best.BalancedAccuracy),
            MonitoredMetric.F1 => candidate.MacroF1.CompareTo(best.MacroF1),
            _ => 0,
        };
        if (order != 0)
        {
            return order > 0;
        }

        return candidate.Loss < best.Loss || (double.IsNaN(best.Loss) && !double.IsNaN(candidate.Loss));
    }
}
