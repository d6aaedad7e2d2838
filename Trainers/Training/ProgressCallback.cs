namespace MLClassify.Trainers;

/// <summary>Reports the batches of an epoch.</summary>
/// <param name="progress">The destination.</param>
internal sealed class ProgressCallback(ProgressReporter progress) : TrainingCallback
{
    public override void OnEpochBegin(int batches, TrainingPosition position) => progress.Begin(batches, position.Batch);

    public override void OnBatch(int epoch, int samples, EpochTotals totals) => progress.Batch(TrainingPhase.Training, epoch, samples, totals);
}
