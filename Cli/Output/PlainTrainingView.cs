namespace MLClassify.Cli.Output;

/// <summary>A line an epoch, and one now and then in between.</summary>
/// <param name="writer">Where to.</param>
internal sealed class PlainTrainingView(TextWriter writer) : TrainingView
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private TimeSpan _last;

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch)
        {
            writer.WriteLine(ProgressLine.Epoch(value, epoch));
        }
        else if (value.Elapsed - _last >= Pause)
        {
            writer.WriteLine(ProgressLine.Phase(value));
        }
        else
        {
            return;
        }

        _last = value.Elapsed;
        writer.Flush();
    }
}
