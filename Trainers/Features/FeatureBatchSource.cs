using CounterRandom = MLClassify.Datasets.CounterRandom;

namespace MLClassify.Trainers;

/// <summary>Brings stored features, in an order of its own each epoch.</summary>
internal sealed class FeatureBatchSource : IBatchSource
{
    private readonly FeatureSet _features;
    private readonly int _batchSize;
    private readonly long _seed;
    private readonly int[] _order;
    private int _next;
    private CancellationToken _cancellationToken;

    /// <summary>Keeps the features.</summary>
    /// <param name="features">The features; not disposed here.</param>
    /// <param name="batchSize">Samples in a batch.</param>
    /// <param name="seed">Decides the orders.</param>
    public FeatureBatchSource(FeatureSet features, int batchSize, long seed)
    {
        _features = features;
        _batchSize = batchSize;
        _seed = seed;
        _order = new int[features.Count];
    }

    public int Images => _features.Count;

    public int Batches => (Images + _batchSize - 1) / _batchSize;

    public void Begin(int epoch, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _next = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        new CounterRandom(_seed, epoch, -1).Shuffle<int>(_order);
    }

    public int Next(Span<float> input, Span<int> labels)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        int count = Math.Min(_batchSize, _order.Length - _next);
        for (int i = 0; i < count; i++)
        {
            int index = _order[_next + i];
            _features[index].CopyTo(input[(i * _features.Length)..]);
            labels[i] = _features.Label(index);
        }

        _next += count;
        return count;
    }

    public void Dispose()
    {
    }
}
