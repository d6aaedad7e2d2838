using MLClassify.Preprocessing.Loading;

namespace MLClassify;

/// <summary>The progress of a run; reported after every batch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The current phase.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>The epoch, counted from 1; 0 while features are computed.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the run.</summary>
    public required int Epochs { get; init; }

    /// <summary>Batches of this phase that are done.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches of this phase.</summary>
    public required int Batches { get; init; }

    /// <summary>The mean training loss since the epoch began; NaN before the first batch.</summary>
    public double TrainLoss { get; init; } = double.NaN;

    /// <summary>The training accuracy since the epoch began, 0..1; NaN before the first batch.</summary>
    public double TrainAccuracy { get; init; } = double.NaN;

    /// <summary>The validation loss of the last finished epoch; null before.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The validation accuracy of the last finished epoch, 0..1; null before.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The head's learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Images a second in this phase.</summary>
    public double ImagesPerSecond { get; init; }

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The estimated time left for all epochs; null before the first measurement.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The epoch's row, on the report that ends an epoch; null on all others.</summary>
    public EpochResult? Completed { get; init; }

    /// <summary>Whether the epoch that this report ends is the best so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>
    /// Where the run stands, in words: <c>epoch 3/10, training, batch 12/40, loss 0.4321, accuracy 87.5 %, 118.2 images/s, 0:02:31 left</c>;
    /// for a report that ends an epoch, its row.
    /// </summary>
    public override string ToString()
    {
        if (Completed is { } row)
        {
            return Phase == TrainingPhase.Solving
                ? FormattableString.Invariant($"head solved: training loss {row.TrainLoss:0.0000} ({100 * row.TrainAccuracy:0.0} %), validation loss {row.ValLoss:0.0000} ({100 * row.ValAccuracy:0.0} %), {row.Time:0.0} s")
                : FormattableString.Invariant($"{row}, of {Epochs} epochs{(IsBest ? ", best so far" : "")}");
        }

        if (Phase == TrainingPhase.Solving)
        {
            return FormattableString.Invariant($"solving the head, regularization {Batch}/{Batches}, cross-validation loss {TrainLoss:0.0000}, accuracy {100 * TrainAccuracy:0.0} %");
        }

        string where = Phase == TrainingPhase.Features
            ? "computing features"
            : FormattableString.Invariant($"epoch {Epoch}/{Epochs}, {(Phase == TrainingPhase.Training ? "training" : "evaluating")}");
        string figures = Phase == TrainingPhase.Training && !double.IsNaN(TrainLoss)
            ? FormattableString.Invariant($", loss {TrainLoss:0.0000}, accuracy {100 * TrainAccuracy:0.0} %")
            : "";
        string left = Remaining is { } remaining ? FormattableString.Invariant($", {(int)remaining.TotalHours}:{remaining:mm\\:ss} left") : "";
        return FormattableString.Invariant($"{where}, batch {Batch}/{Batches}{figures}, {ImagesPerSecond:0.0} images/s{left}");
    }
}
