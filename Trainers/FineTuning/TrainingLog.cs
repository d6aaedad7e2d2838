using Microsoft.Extensions.Logging;

namespace MLClassify.Trainers;

/// <summary>The log messages of fine-tuning.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Training {Backbone} ({Part}) on {TrainImages} images of {Classes} classes, {ValidationImages} for validation, {Epochs} epochs, the best by {Monitor}.")]
    public static partial void Started(ILogger logger, string? backbone, TrainableLayers? part, int trainImages, int classes, int validationImages, int epochs, MonitoredMetric? monitor);

    [LoggerMessage(2, LogLevel.Warning, "{Warning}")]
    public static partial void Warning(ILogger logger, string warning);

    [LoggerMessage(3, LogLevel.Information,
        "Epoch {Epoch}: training loss {TrainLoss:0.0000}, validation loss {ValidationLoss:0.0000}, validation accuracy {ValidationAccuracy:0.0000}, best so far: {IsBest}.")]
    public static partial void EpochCompleted(ILogger logger, int epoch, double trainLoss, double? validationLoss, double? validationAccuracy, bool isBest);

    [LoggerMessage(4, LogLevel.Warning, "{Path} was skipped: {Reason}")]
    public static partial void FileSkipped(ILogger logger, string path, string reason);

    [LoggerMessage(5, LogLevel.Information,
        "Training ended after {Epochs} epochs and {Seconds:0.0} s, canceled: {IsCanceled}. Best epoch: {BestEpoch}, validation accuracy {ValidationAccuracy:0.0000}.")]
    public static partial void Ended(ILogger logger, int epochs, double seconds, bool isCanceled, int? bestEpoch, double? validationAccuracy);

    [LoggerMessage(7, LogLevel.Information, "Starting from {Backbone}.")]
    public static partial void Backbone(ILogger logger, string backbone);

    [LoggerMessage(8, LogLevel.Information, "Batches of {BatchSize} images, which fit into the memory of {Device}.")]
    public static partial void BatchSize(ILogger logger, int batchSize, string device);

    [LoggerMessage(6, LogLevel.Error, "Training failed.")]
    public static partial void Failed(ILogger logger, Exception exception);

    /// <summary>Logs the end of a run: the files that were skipped and the result.</summary>
    public static void Ended(ILogger logger, TrainingResult result)
    {
        foreach (SkippedFile file in result.Skipped)
        {
            FileSkipped(logger, file.Path, file.Reason);
        }

        Ended(logger, result.Epochs.Count, result.Elapsed.TotalSeconds, result.IsCanceled, result.BestEpoch?.Epoch, result.BestEpoch?.ValAccuracy);
    }
}
