namespace MLClassify.Trainers;

/// <summary>What each sample of a batch should be: a distribution over the classes, <c>[batch, classes]</c>, whose sum is its weight.</summary>
/// <param name="classes">Classes.</param>
/// <param name="maxBatch">The largest batch.</param>
/// <param name="labelSmoothing">The share spread evenly over all classes.</param>
/// <param name="weights">How much a sample of each class counts; all the same when null.</param>
internal sealed class SoftTargets(int classes, int maxBatch, double labelSmoothing, float[]? weights)
{
    private readonly float[] _rows = new float[checked(maxBatch * classes)];

    /// <summary>Writes the distributions of labels.</summary>
    /// <param name="labels">The true classes.</param>
    /// <returns>The rows, valid until the next call.</returns>
    public Span<float> Fill(ReadOnlySpan<int> labels)
    {
        for (int sample = 0; sample < labels.Length; sample++)
        {
            float weight = weights is null ? 1 : weights[labels[sample]];
            Span<float> row = _rows.AsSpan(sample * classes, classes);
            row.Fill((float)(weight * labelSmoothing / classes));
            row[labels[sample]] += (float)(weight * (1 - labelSmoothing));
        }

        return _rows.AsSpan(0, labels.Length * classes);
    }
}
