using System.Globalization;

namespace MLClassify.Samples;

/// <summary>Prints a line an epoch, and one now and then in between.</summary>
/// <param name="output">The destination.</param>
internal sealed class TrainingPrinter(TextWriter output) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private TimeSpan _last;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch.Epoch}/{value.Epochs}  loss {epoch.TrainLoss:0.0000}  held out {Percent(epoch.ValAccuracy)}{(value.IsBest ? " *" : "")}"));
        }
        else if (value.Elapsed - _last >= Pause)
        {
            string what = value.Phase == TrainingPhase.Features ? "features" : value.Phase == TrainingPhase.Solving ? "solving the head" : string.Create(CultureInfo.InvariantCulture, $"epoch {value.Epoch}/{value.Epochs}");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{what}  batch {value.Batch}/{value.Batches}  {value.ImagesPerSecond:0} images/s  {Left(value.Remaining)}"));
        }
        else
        {
            return;
        }

        _last = value.Elapsed;
    }

    private static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0.0} %") : "-";

    private static string Left(TimeSpan? left) => left is { } known ? string.Create(CultureInfo.InvariantCulture, $"{(int)known.TotalHours}:{known:mm\\:ss} left") : "";
}
