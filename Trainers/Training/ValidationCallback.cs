using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>Measures after every epoch, keeps the best, reports, and ends training where there is nothing more to expect.</summary>
internal sealed class ValidationCallback : TrainingCallback
{
    public required IValidator Validator { get; init; }

    /// <summary>The parameters that are measured and kept: those that are trained, or their average.</summary>
    public required ParameterStore Values { get; init; }

    public required BestCheckpoint Best { get; init; }

    public required ProgressReporter Progress { get; init; }

    /// <summary>Receives every epoch's row, and whether it is the best so far; it adds the row to the history.</summary>
    public required Action<EpochResult, bool> EpochCompleted { get; init; }

    /// <summary>Whether the epoch, counted from 1, is the last that makes sense.</summary>
    public required Func<int, bool> IsOver { get; init; }

    public override bool OnEpochEnd(int epoch, EpochTotals totals, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
    {
        Progress.Begin((Validator.Images + Validator.BatchSize - 1) / Validator.BatchSize);
        EvaluationResult report = Validator.Evaluate(Values, count => Progress.Batch(TrainingPhase.Evaluating, epoch, count, totals), cancellationToken);
        var result = new EpochResult(epoch, elapsed().TotalSeconds, totals.Loss, totals.Accuracy, report.Loss, report.Accuracy, totals.LearningRate);
        bool isBest = Best.TryUpdate(result, report, Values);
        EpochCompleted(result, isBest);
        Progress.Epoch(result, isBest, totals);
        return !IsOver(epoch);
    }
}
