using Microsoft.Extensions.Logging;

namespace MLClassify.Trainers;

/// <summary>The log messages of distillation.</summary>
internal static partial class DistillationLog
{
    [LoggerMessage(11, LogLevel.Information,
        "Training {Student} on the features of {Teachers}, {TrainImages} images, {ValidationImages} for validation, {Epochs} epochs.")]
    public static partial void Started(ILogger logger, string student, string teachers, int trainImages, int validationImages, int epochs);

    [LoggerMessage(12, LogLevel.Information, "Epoch {Epoch}: training loss {TrainLoss:0.0000}, explained {Explained:0.0000}.")]
    public static partial void EpochCompleted(ILogger logger, int epoch, double trainLoss, double explained);

    [LoggerMessage(13, LogLevel.Information, "Training ended after {Epochs} epochs and {Seconds:0.0} s, canceled: {IsCanceled}.")]
    public static partial void Ended(ILogger logger, int epochs, double seconds, bool isCanceled);

    /// <summary>Logs the end of a run: the files that were skipped and the result.</summary>
    public static void Ended(ILogger logger, DistillationResult result, TimeSpan elapsed)
    {
        foreach (SkippedFile file in result.Skipped)
        {
            TrainingLog.FileSkipped(logger, file.Path, file.Reason);
        }

        Ended(logger, result.Epochs.Count, elapsed.TotalSeconds, result.IsCanceled);
    }
}
