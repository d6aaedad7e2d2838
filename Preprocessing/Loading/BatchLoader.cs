using MLClassify.Imaging;

namespace MLClassify.Preprocessing.Loading;

/// <summary>
/// Reads a dataset in batches, decoding ahead on threads of its own. Order and content depend on the dataset, the spec and the options'
/// seed, never on timing or on the number of threads. Unreadable files are left out and reported by <see cref="Skipped"/>.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly BatchLoaderOptions _options;
    private readonly SampleLoader _loader;
    private readonly Batch[] _ring;
    private readonly int[] _labels;
    private readonly long[] _order;
    private EpochPipeline? _active;
    private bool _disposed;

    /// <summary>Allocates the buffers; reads nothing yet.</summary>
    /// <param name="dataset">The images, at least one.</param>
    /// <param name="spec">What is done to them.</param>
    /// <param name="options">How; defaults when null.</param>
    /// <exception cref="ArgumentException">The dataset is empty, or a value of the spec or the options is outside its range.</exception>
    public BatchLoader(ImageDataset dataset, PreprocessingSpec spec, BatchLoaderOptions? options = null)
        : this(dataset, spec, options, sample => sample.LoadImage())
    {
    }

    internal BatchLoader(ImageDataset dataset, PreprocessingSpec spec, BatchLoaderOptions? options, Func<ImageSample, Image> decode)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
        {
            throw new ArgumentException("The dataset holds no images.", nameof(dataset));
        }

        _options = options ?? new BatchLoaderOptions();
        _options.Validate();
        var preprocessor = new Preprocessor(spec);
        Views = _options.ImageViews.Count;
        Dataset = dataset;
        Spec = spec;
        int batchSize = Math.Min(_options.BatchSize, dataset.Count);
        BatchesPerEpoch = (dataset.Count + batchSize - 1) / batchSize;
        _loader = new SampleLoader(dataset, preprocessor, _options, decode);
        _labels = [.. dataset.Samples.Select(sample => sample.Label)];
        _order = new long[dataset.Count];
        _ring = new Batch[Math.Min(_options.PrefetchBatches, BatchesPerEpoch)];
        for (int i = 0; i < _ring.Length; i++)
        {
            _ring[i] = new Batch(batchSize, preprocessor.Size, Views);
        }
    }

    /// <summary>The images.</summary>
    public ImageDataset Dataset { get; }

    /// <summary>What is done to them.</summary>
    public PreprocessingSpec Spec { get; }

    /// <summary>Views of each image in a batch, at least 1.</summary>
    public int Views { get; }

    /// <summary>Batches an epoch, if every file can be read; a batch without any readable file is left out.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>
    /// The files that could not be read so far, once a path, in the dataset's order, with the reason. They are not tried again.
    /// </summary>
    public IReadOnlyList<SkippedFile> Skipped => _loader.Skipped();

    /// <summary>Whether an epoch is under way that has been stopped.</summary>
    internal bool IsStopping => _active is { IsStopping: true };

    /// <summary>Reads the dataset once. One epoch at a time; leaving the loop early stops the threads.</summary>
    /// <param name="epoch">The epoch's number from 0, which decides its order and augmentation.</param>
    /// <param name="cancellationToken">Cancels the epoch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The batches; each is valid until the next is asked for.</returns>
    /// <exception cref="InvalidDatasetException">While enumerating: not one file could be read.</exception>
    /// <exception cref="InvalidOperationException">While enumerating: another epoch of this loader is under way.</exception>
    public IEnumerable<Batch> Epoch(int epoch, CancellationToken cancellationToken = default) => Epoch(epoch, 0, cancellationToken);

    /// <summary>Reads the dataset from a batch of an epoch on, as a run that is resumed does.</summary>
    /// <param name="epoch">The epoch's number from 0, which decides its order and augmentation.</param>
    /// <param name="firstBatch">The first batch's number, 0 to <see cref="BatchesPerEpoch"/>.</param>
    /// <param name="cancellationToken">Cancels the epoch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The batches; each is valid until the next is asked for.</returns>
    /// <exception cref="InvalidDatasetException">While enumerating: not one file of the whole epoch could be read.</exception>
    /// <exception cref="InvalidOperationException">While enumerating: another epoch of this loader is under way.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, BatchesPerEpoch);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Read(epoch, firstBatch, cancellationToken);
    }

    /// <summary>Stops an epoch under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.MemoryBarrier();
        _active?.Dispose();
    }

    private IEnumerable<Batch> Read(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        EpochPipeline pipeline = Start(epoch, firstBatch, cancellationToken);
        try
        {
            bool any = firstBatch > 0;
            for (int number = firstBatch; number < BatchesPerEpoch; number++)
            {
                Batch batch = pipeline.Take(number - firstBatch);
                if (batch.Count > 0)
                {
                    any = true;
                    batch.Number = number;
                    yield return batch;
                }

                pipeline.Release();
            }

            if (!any)
            {
                SkippedFile first = _loader.Skipped()[0];
                throw new InvalidDatasetException(
                    $"None of the {Dataset.Count} images can be read; the first is {first.Path}: {first.Reason}");
            }
        }
        finally
        {
            pipeline.Dispose();
            _active = null;
        }
    }

    private EpochPipeline Start(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_active is not null)
        {
            throw new InvalidOperationException("This loader is in the middle of an epoch; finish or dispose its enumeration first.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        SampleOrder.Fill(_order, _labels, _options.Shuffle, _options.Balance, _options.Seed, epoch);
        int batchSize = Math.Min(_options.BatchSize, Dataset.Count);
        int view = _options.Views > 0 ? epoch % _options.Views : epoch;
        long done = Math.Min((long)firstBatch * batchSize, _order.Length);
        var pipeline = new EpochPipeline(done > 0 ? _order[(int)done..] : _order, _ring, batchSize, view, _loader, _options.WorkerThreads, cancellationToken);
        _active = pipeline;

        // Who disposed meanwhile saw no epoch to stop; whichever of the two writes came first, one of both sees the other's.
        Interlocked.MemoryBarrier();
        if (_disposed)
        {
            pipeline.Dispose();
            _active = null;
            throw new ObjectDisposedException(nameof(BatchLoader));
        }

        return pipeline;
    }
}
