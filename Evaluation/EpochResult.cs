namespace MLClassify.Evaluation;

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
    double LearningRate);
