using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Brings pictures, decoded and augmented ahead of time.</summary>
/// <param name="loader">Where they come from; disposed with the source.</param>
internal sealed class ImageBatchSource(BatchLoader loader) : IBatchSource
{
    private IEnumerator<Batch>? _epoch;

    public int Images => loader.Dataset.Count;

    public int Batches => loader.BatchesPerEpoch;

    public void Begin(int epoch, CancellationToken cancellationToken)
    {
        _epoch?.Dispose();
        _epoch = loader.Epoch(epoch, cancellationToken).GetEnumerator();
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
        return batch.Count;
    }

    public void Dispose()
    {
        _epoch?.Dispose();
        loader.Dispose();
    }
}
