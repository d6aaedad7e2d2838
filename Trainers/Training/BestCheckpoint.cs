using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>Keeps a copy of the best epoch's parameters: the highest validation accuracy, the lowest loss among equals, the earliest among those.</summary>
internal sealed class BestCheckpoint : IDisposable
{
    private readonly ParameterStore _copy;

    /// <summary>Keeps nothing yet.</summary>
    /// <param name="copy">Where the best values go: the parameters that training changes.</param>
    public BestCheckpoint(ParameterStore copy) => _copy = copy;

    /// <summary>The best epoch; null before the first.</summary>
    public EpochResult? Epoch { get; private set; }

    /// <summary>What the best epoch's validation found; null before the first.</summary>
    public EvaluationResult? Report { get; private set; }

    /// <summary>Looks at an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="report">What validation found.</param>
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
    /// <param name="report">What its validation found.</param>
    public void Resume(EpochResult epoch, EvaluationResult report) => (Epoch, Report) = (epoch, report);

    /// <summary>Puts the best values into a set that has at least these parameters; does nothing before the first epoch.</summary>
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
    private static bool IsBetter(EvaluationResult candidate, EvaluationResult best)
    {
        if (candidate.Correct != best.Correct)
        {
            return candidate.Correct > best.Correct;
        }

        return candidate.Loss < best.Loss || (double.IsNaN(best.Loss) && !double.IsNaN(candidate.Loss));
    }
}
