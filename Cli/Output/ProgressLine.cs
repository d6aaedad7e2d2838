using System.Globalization;

namespace MLClassify.Cli.Output;

/// <summary>Progress in words.</summary>
internal static class ProgressLine
{
    /// <summary>An epoch that is over.</summary>
    public static string Epoch(TrainingProgress progress, EpochResult epoch)
    {
        string train = $"train {Number(epoch.TrainLoss)} {Share(epoch.TrainAccuracy)}";
        string mark = progress.IsBest ? " *" : "  ";
        string validation = epoch.ValAccuracy is { } accuracy ? $"  val {Number(epoch.ValLoss ?? double.NaN)} {Share(accuracy)}{mark}" : "";
        string time = $"{Duration(progress.Elapsed)}{Left(progress)}";
        if (progress.Phase == TrainingPhase.Solving)
        {
            return $"head solved  {train}{validation.TrimEnd(' ', '*')}  {time}";
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"epoch {epoch.Epoch,3}/{progress.Epochs}  {train}{validation}  lr {epoch.LearningRate:G4}  {time}");
    }

    /// <summary>Where a phase stands.</summary>
    public static string Phase(TrainingProgress progress)
    {
        if (progress.Phase == TrainingPhase.Solving)
        {
            string tried = double.IsNaN(progress.TrainLoss) ? "" : $"  cross-validation {Number(progress.TrainLoss)} {Share(progress.TrainAccuracy)}";
            return string.Create(CultureInfo.InvariantCulture, $"solving the head  {progress.Batch}/{progress.Batches}{tried}");
        }

        string where = progress.Phase switch
        {
            TrainingPhase.Features => "features",
            TrainingPhase.Evaluating => string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}/{progress.Epochs} validation"),
            _ => string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}/{progress.Epochs}"),
        };
        string loss = double.IsNaN(progress.TrainLoss) ? "" : $"  loss {Number(progress.TrainLoss)} {Share(progress.TrainAccuracy)}";
        string rate = string.Create(CultureInfo.InvariantCulture, $"{progress.ImagesPerSecond:0} images/s");
        return string.Create(CultureInfo.InvariantCulture, $"{where}  {progress.Batch}/{progress.Batches}{loss}  {rate}{Left(progress)}");
    }

    /// <summary>A duration, as <c>12 s</c> or <c>3:05</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"),
    };

    /// <summary>A share as per cent.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Left(TrainingProgress progress) => progress.Remaining is { } left ? $"  left {Duration(left)}" : "";
}
