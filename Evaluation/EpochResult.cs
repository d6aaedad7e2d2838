namespace MLClassify;

/// <summary>One epoch of training: a row of <c>results.csv</c>.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Time">The seconds that the epoch took, training and validation together.</param>
/// <param name="TrainLoss">The mean training loss over the epoch.</param>
/// <param name="TrainAccuracy">The training accuracy, 0..1.</param>
/// <param name="ValLoss">The mean validation loss; null without a validation set.</param>
/// <param name="ValAccuracy">The validation accuracy, 0..1; null without a validation set.</param>
/// <param name="LearningRate">The learning rate at the epoch's end.</param>
public sealed record EpochResult(
    int Epoch,
    double Time,
    double TrainLoss,
    double TrainAccuracy,
    double? ValLoss,
    double? ValAccuracy,
    double LearningRate)
{
    /// <summary>The row in words: <c>epoch 3: training loss 0.4321 (87.5 %), validation loss 0.3210 (91.0 %), rate 0.001, 12.3 s</c>.</summary>
    public override string ToString()
    {
        string validation = ValLoss is { } loss && ValAccuracy is { } accuracy
            ? FormattableString.Invariant($", validation loss {loss:0.0000} ({100 * accuracy:0.0} %)")
            : "";
        return FormattableString.Invariant(
            $"epoch {Epoch}: training loss {TrainLoss:0.0000} ({100 * TrainAccuracy:0.0} %){validation}, rate {LearningRate:G4}, {Time:0.0} s");
    }
}
