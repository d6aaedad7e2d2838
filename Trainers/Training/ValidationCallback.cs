using MLClassify.Engines;
using MLClassify.Evaluation;

namespace MLClassify.Trainers;

/// <summary>Validates after every epoch, keeps the best one, reports, and stops training early when the rules say so.</summary>
internal sealed class ValidationCallback : TrainingCallback
{
    public required IValidator Validator { get; init; }

    /// <summary>The parameters that are measured and kept: those that are trained, or their average.</summary>
    public required ParameterStore Values { get; init; }

    public required BestCheckpoint Best { get; init; }

    public required ProgressReporter Progress { get; init; }

    /// <summary>Receives every epoch's row, and whether it is the best so far; it adds the row to the history.</summary>
    public required Action<EpochResult, bool> EpochCompleted { get; init; }

    /// <summary>Whether to stop after this epoch, counted from 1.</summary>
    public required Func<int, bool> IsOver { get; init; }

    public override bool OnEpochEnd(int epoch, EpochTotals totals, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
    {
        Progress.Begin((Validator.Images + Validator.BatchSize - 1) / Validator.BatchSize);
        ClassificationReport report = Validator.Evaluate(Values, count => Progress.Batch(TrainingPhase.Evaluating, epoch, count, totals), cancellationToken);
        var result = new EpochResult(epoch, elapsed().TotalSeconds, totals.Loss, totals.Accuracy, report.Loss, report.Accuracy, totals.LearningRate);
        bool isBest = Best.TryUpdate(result, report, Values);
        EpochCompleted(result, isBest);
        Progress.Epoch(result, isBest, totals);
        return !IsOver(epoch);
    }
}
