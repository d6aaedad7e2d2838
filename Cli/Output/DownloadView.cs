using System.Globalization;
using MLClassify.Common;
using Spectre.Console;

namespace MLClassify.Cli.Output;

/// <summary>Shows downloads while they go on: a bar on a terminal, else a line now and then.</summary>
internal abstract class DownloadView : IProgress<DownloadProgress>
{
    /// <summary>Runs work that may fetch files.</summary>
    /// <param name="context">Where to write.</param>
    /// <param name="isJson">Whether results are written as JSON.</param>
    /// <param name="work">The work.</param>
    public static Task<T> RunAsync<T>(CliContext context, bool isJson, Func<IProgress<DownloadProgress>, Task<T>> work)
    {
        if (context.ProgressTerminal(isJson) is not { } terminal)
        {
            return work(new PlainDownloadView(context.ProgressWriter(isJson), context.Time));
        }

        return terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(bars => work(new TerminalDownloadView(bars)));
    }

    /// <inheritdoc/>
    public abstract void Report(DownloadProgress value);

    /// <summary>Where a download stands, in words.</summary>
    public static string Describe(DownloadProgress value) => value.Phase switch
    {
        DownloadPhase.Waiting => $"{value.File}: another process fetches it; waiting",
        DownloadPhase.Connecting => $"{value.File}: asking the server",
        DownloadPhase.Pausing => $"{value.File}: the connection broke after {Size(value.Received)}; trying again",
        DownloadPhase.Checking => $"{value.File}: checking",
        _ => value.Total is { } total ? $"{value.File}: {Size(value.Received)} of {Size(total)}" : $"{value.File}: {Size(value.Received)}",
    };

    /// <summary>A number of bytes, as <c>97.8 MiB</c>.</summary>
    public static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");

    private sealed class TerminalDownloadView(ProgressContext bars) : DownloadView
    {
        private readonly Lock _gate = new();
        private ProgressTask? _bar;
        private string? _file;

        public override void Report(DownloadProgress value)
        {
            lock (_gate)
            {
                if (_bar is null || _file != value.File)
                {
                    _bar?.StopTask();
                    _bar = bars.AddTask(Markup.Escape(value.File));
                    _file = value.File;
                }

                _bar.IsIndeterminate = value.Total is null;
                _bar.MaxValue = Math.Max(1, value.Total ?? 1);
                _bar.Value = value.Received;
                _bar.Description = Markup.Escape(Describe(value));
            }
        }
    }
}
