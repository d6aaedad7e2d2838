using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Provides stored features, shuffled anew each epoch.</summary>
/// <param name="features">The features; not disposed here.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="seed">The seed of the orders.</param>
/// <param name="balance">Whether every class is drawn equally often.</param>
internal sealed class FeatureBatchSource(FeatureSet features, int batchSize, long seed, bool balance = false) : IBatchSource
{
    private readonly int[] _labels = [.. Enumerable.Range(0, features.Count).Select(features.Label)];
    private readonly long[] _order = new long[features.Count];
    private readonly float[] _batch = new float[Math.Min(batchSize, features.Count) * features.Length];
    private readonly int[] _batchLabels = new int[batchSize];
    private readonly int[] _batchIndices = new int[batchSize];

    public int Images => features.Count;

    public int Batches => (Images + batchSize - 1) / batchSize;

    public int Current { get; private set; } = -1;

    public void Begin(int epoch, int firstBatch)
    {
        Current = firstBatch - 1;
        SampleOrder.Fill(_order, _labels, shuffle: true, balance, seed, epoch);
    }

    public SampleBatch Next()
    {
        Current++;
        int count = Math.Clamp(_order.Length - (Current * batchSize), 0, batchSize);
        for (int i = 0; i < count; i++)
        {
            int index = (int)(_order[(Current * batchSize) + i] % _order.Length);
            features[index].CopyTo(_batch.AsSpan(i * features.Length));
            _batchLabels[i] = _labels[index];
            _batchIndices[i] = index;
        }

        return new SampleBatch(_batch.AsSpan(0, count * features.Length), _batchLabels.AsSpan(0, count), _batchIndices.AsSpan(0, count));
    }

    public void Dispose()
    {
    }
}
