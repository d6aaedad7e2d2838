namespace MLClassify.Cli.Output;

/// <summary>Shows a run while it goes on.</summary>
internal abstract class TrainingView : IProgress<TrainingProgress>
{
    /// <summary>The view that fits where progress goes.</summary>
    /// <param name="context">Where to write.</param>
    /// <param name="isJson">Whether results are for machines.</param>
    public static TrainingView Create(CliContext context, bool isJson)
    {
        TrainingView view = context.ProgressTerminal(isJson) is { } terminal
            ? new TerminalTrainingView(terminal)
            : new PlainTrainingView(context.ProgressWriter(isJson));
        return isJson ? new JsonTrainingView(context.Output, view) : view;
    }

    /// <summary>Runs work whose progress is shown.</summary>
    /// <param name="work">The work.</param>
    public virtual Task<T> RunAsync<T>(Func<Task<T>> work) => work();

    /// <inheritdoc/>
    public abstract void Report(TrainingProgress value);
}
