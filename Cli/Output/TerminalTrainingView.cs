using Spectre.Console;

namespace MLClassify.Cli.Output;

/// <summary>A bar that moves, and a line above it for every epoch.</summary>
/// <param name="console">A terminal.</param>
internal sealed class TerminalTrainingView(IAnsiConsole console) : TrainingView
{
    private ProgressTask? _bar;

    /// <inheritdoc/>
    public override Task<T> RunAsync<T>(Func<Task<T>> work) => console.Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(context =>
        {
            _bar = context.AddTask("starting");
            return work();
        });

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch)
        {
            console.WriteLine(ProgressLine.Epoch(value, epoch));
        }

        if (_bar is not null)
        {
            _bar.MaxValue = Math.Max(1, value.Batches);
            _bar.Value = value.Batch;
            _bar.Description = Markup.Escape(ProgressLine.Phase(value));
        }
    }
}
