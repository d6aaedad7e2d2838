using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>The teachers' features for the views of an epoch's images.</summary>
/// <param name="targets">The features; not disposed here.</param>
/// <param name="maxBatch">The largest batch.</param>
internal sealed class TeacherObjective(TeacherTargets targets, int maxBatch) : IObjective
{
    private readonly float[] _rows = new float[checked(maxBatch * targets.Length)];

    public LossSpec Loss { get; } = new MeanSquaredError();

    public HostBatch Prepare(SampleBatch samples, int epoch, int batch)
    {
        int view = epoch % targets.Views;
        for (int i = 0; i < samples.Count; i++)
        {
            targets[view, samples.Indices[i]].CopyTo(_rows.AsSpan(i * targets.Length));
        }

        return new HostBatch(samples.Inputs, Targets.Values(_rows.AsSpan(0, samples.Count * targets.Length)));
    }
}
