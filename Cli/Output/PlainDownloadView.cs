using MLClassify.Common;

namespace MLClassify.Cli.Output;

/// <summary>A line when content begins to arrive, and one every ten seconds.</summary>
/// <param name="writer">The destination.</param>
/// <param name="time">The clock.</param>
internal sealed class PlainDownloadView(TextWriter writer, TimeProvider time) : DownloadView
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private string? _file;
    private long _last;

    /// <inheritdoc/>
    public override void Report(DownloadProgress value)
    {
        // Files that are here already are only checked, which is nothing to talk about.
        if (value.Phase is DownloadPhase.Checking or DownloadPhase.Connecting)
        {
            return;
        }

        lock (_gate)
        {
            bool isNew = _file != value.File;
            if (!isNew && value.Phase == DownloadPhase.Receiving && time.GetElapsedTime(_last) < Pause)
            {
                return;
            }

            _file = value.File;
            _last = time.GetTimestamp();
            string line = isNew && value is { Phase: DownloadPhase.Receiving, Total: { } total } ? $"fetching {value.File} ({Size(total)})" : Describe(value);
            writer.WriteLine(DisplayLine.Clean(line));
            writer.Flush();
        }
    }
}
