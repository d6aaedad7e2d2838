namespace MLClassify.Trainers;

/// <summary>Writes a checkpoint from time to time.</summary>
/// <param name="writer">Knows when the next one is due.</param>
/// <param name="write">Writes one.</param>
internal sealed class CheckpointCallback(CheckpointWriter writer, Action<TrainingPosition> write) : TrainingCallback
{
    public override bool WantsResumePoint => writer.IsDue;

    public override void OnResumePoint(TrainingPosition position) => write(position);
}
