using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Brings pictures, decoded and augmented ahead of time.</summary>
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

    public int Next(Span<float> input, Span<int> labels)
    {
        if (_epoch is null || !_epoch.MoveNext())
        {
            return 0;
        }

        Batch batch = _epoch.Current;
        batch.Pixels.CopyTo(input);
        batch.Labels.CopyTo(labels);
        Current = batch.Number;
        return batch.Count;
    }

    public void Repeat(Span<float> input) => _epoch?.Current.Pixels.CopyTo(input);

    public void Dispose()
    {
        _epoch?.Dispose();
        loader.Dispose();
    }
}
