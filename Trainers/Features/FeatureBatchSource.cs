using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Brings stored features, in an order of its own each epoch.</summary>
/// <param name="features">The features; not disposed here.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="seed">Decides the orders.</param>
/// <param name="balance">Whether every class is drawn equally often.</param>
internal sealed class FeatureBatchSource(FeatureSet features, int batchSize, long seed, bool balance = false) : IBatchSource
{
    private readonly int[] _labels = [.. Enumerable.Range(0, features.Count).Select(features.Label)];
    private readonly long[] _order = new long[features.Count];

    public int Images => features.Count;

    public int Batches => (Images + batchSize - 1) / batchSize;

    public int Current { get; private set; } = -1;

    public void Begin(int epoch, int firstBatch)
    {
        Current = firstBatch - 1;
        SampleOrder.Fill(_order, _labels, shuffle: true, balance, seed, epoch);
    }

    public int Next(Span<float> input, Span<int> labels)
    {
        Current++;
        int count = Write(input);
        for (int i = 0; i < count; i++)
        {
            labels[i] = _labels[Index(i)];
        }

        return count;
    }

    public void Repeat(Span<float> input) => Write(input);

    public void Dispose()
    {
    }

    private int Write(Span<float> input)
    {
        int count = Math.Clamp(_order.Length - (Current * batchSize), 0, batchSize);
        for (int i = 0; i < count; i++)
        {
            features[Index(i)].CopyTo(input[(i * features.Length)..]);
        }

        return count;
    }

    private int Index(int place) => (int)(_order[(Current * batchSize) + place] % _order.Length);
}
