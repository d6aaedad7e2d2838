namespace MLClassify.Cli.Output;

/// <summary>A JSON line an epoch for machines, and another view for people.</summary>
/// <param name="output">Where the lines go.</param>
/// <param name="people">The other view.</param>
internal sealed class JsonTrainingView(TextWriter output, TrainingView people) : TrainingView
{
    /// <inheritdoc/>
    public override Task<T> RunAsync<T>(Func<Task<T>> work) => people.RunAsync(work);

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        people.Report(value);
        if (value.Completed is not { } epoch)
        {
            return;
        }

        JsonLine.Write(output, new
        {
            Event = "epoch",
            epoch.Epoch,
            value.Epochs,
            epoch.TrainLoss,
            epoch.TrainAccuracy,
            epoch.ValLoss,
            epoch.ValAccuracy,
            Lr = epoch.LearningRate,
            epoch.Time,
            Best = value.IsBest,
        });
    }
}
