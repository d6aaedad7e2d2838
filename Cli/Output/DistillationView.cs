using MLClassify.Trainers;

namespace MLClassify.Cli.Output;

/// <summary>Shows a distillation: a line an epoch, and one now and then in between.</summary>
/// <param name="context">Where to write.</param>
/// <param name="isJson">Whether results are written as JSON.</param>
internal sealed class DistillationView(CliContext context, bool isJson) : IProgress<DistillationProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly TextWriter _writer = context.ProgressWriter(isJson);
    private TimeSpan _last;

    /// <inheritdoc/>
    public void Report(DistillationProgress value)
    {
        if (value.Completed is { } epoch)
        {
            string explained = double.IsNaN(epoch.Explained) ? "" : FormattableString.Invariant($", {epoch.Explained:P1} of the held-out features explained");
            _writer.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch}/{value.Epochs}  loss {epoch.TrainLoss:0.0000}{explained}, {epoch.Seconds:0.0} s"));
            if (isJson)
            {
                JsonLine.Write(context.Output, new
                {
                    Event = "epoch",
                    epoch.Epoch,
                    epoch.Seconds,
                    epoch.TrainLoss,
                    Explained = double.IsNaN(epoch.Explained) ? (double?)null : epoch.Explained,
                });
            }
        }
        else if (value.Elapsed - _last >= Pause)
        {
            string what = value.Phase == TrainingPhase.Features ? "teachers' features" : FormattableString.Invariant($"epoch {value.Epoch}/{value.Epochs}");
            _writer.WriteLine(FormattableString.Invariant($"{what}: {value.Done} of {value.Total}, {ProgressLine.Duration(value.Elapsed)}"));
        }
        else
        {
            return;
        }

        _last = value.Elapsed;
        _writer.Flush();
    }
}
