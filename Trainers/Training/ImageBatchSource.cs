using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Provides images, decoded and augmented ahead of time.</summary>
/// <param name="loader">Where they come from; disposed with the source.</param>
internal sealed class ImageBatchSource(BatchLoader loader) : IBatchSource
{
    private IEnumerator<Batch>? _epoch;

    public int Images => loader.Dataset.Count;

    public int Batches => loader.BatchesPerEpoch;

    public int Current { get; private set; } = -1;

    public void Begin(int epoch, int firstBatch)
    {
        _epoch?.Dispose();
        _epoch = loader.Epoch(epoch, firstBatch).GetEnumerator();
        Current = firstBatch - 1;
    }

    public SampleBatch Next()
    {
        if (_epoch is null || !_epoch.MoveNext())
        {
            return default;
        }

        Batch batch = _epoch.Current;
        Current = batch.Number;
        return new SampleBatch(batch.MutablePixels, batch.Labels, batch.Indices);
    }

    public void Dispose()
    {
        _epoch?.Dispose();
        loader.Dispose();
    }
}
