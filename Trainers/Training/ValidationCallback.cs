namespace MLClassify.Trainers;

/// <summary>
/// Validates after every epoch, adds the epoch to the history, keeps the best one's values, reports, and ends training where there is nothing
/// more to expect.
/// </summary>
internal sealed class ValidationCallback : TrainingCallback
{
    public required IValidator Validator { get; init; }

    /// <summary>The run so far: its history and its best epoch are written here.</summary>
    public required TrainingState State { get; init; }

    public required ProgressReporter Progress { get; init; }

    /// <summary>Receives every epoch that was added to the history, and whether it is the best so far.</summary>
    public required Action<EpochResult, bool> EpochCompleted { get; init; }

    /// <summary>Whether to stop after this epoch, counted from 1.</summary>
    public required Func<int, bool> IsOver { get; init; }

    public override bool OnEpochEnd(int epoch, EpochTotals totals, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
    {
        Progress.Begin((Validator.Images + Validator.BatchSize - 1) / Validator.BatchSize);
        EvaluationResult report = Validator.Evaluate(State.Measured, count => Progress.Batch(TrainingPhase.Evaluating, epoch, count, totals), cancellationToken);
        var result = new EpochResult(epoch, elapsed().TotalSeconds, totals.Loss, totals.Accuracy, report.Loss, report.Accuracy, totals.LearningRate);
        bool isBest = State.Best.TryUpdate(result, report, State.Measured);
        State.Epochs.Add(result);
        EpochCompleted(result, isBest);
        Progress.Epoch(result, isBest, totals);
        return !IsOver(epoch);
    }
}
