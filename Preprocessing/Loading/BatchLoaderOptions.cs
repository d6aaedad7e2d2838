using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Loading;

/// <summary>
/// How a <see cref="BatchLoader"/> reads. Only the seed, the shuffling, the batch size, the views and the
/// augmentation decide what comes out.
/// </summary>
public sealed class BatchLoaderOptions
{
    /// <summary>Images a batch; the last one of an epoch may have fewer. Default 32; at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether each epoch has an order of its own. Default false: the dataset's order.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether every class is drawn equally often in an epoch, in a random order. Default false.</summary>
    public bool Balance { get; init; }

    /// <summary>Decides the order and the augmentation of every epoch. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The random changes. Default none.</summary>
    public AugmentationPolicy Augmentation { get; init; } = AugmentationPolicy.None;

    /// <summary>
    /// Different random changes of an image: epoch e brings those of epoch <c>e % Views</c>, so that what is computed from them can be
    /// kept. Default 0: every epoch has its own; at least 0. The order of the images differs in every epoch all the same.
    /// </summary>
    public int Views { get; init; }

    /// <summary>
    /// The views of every image that a batch holds, one after the other; each file is decoded once for all. Default the center crop alone.
    /// At least one; with several, or with one that is not the center crop, <see cref="Augmentation"/> must be none.
    /// </summary>
    public IReadOnlyList<ImageView> ImageViews { get; init; } = ImageView.Single;

    /// <summary>Threads that decode. Default: one per processor; at least 1.</summary>
    public int WorkerThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Batches held in memory, the one in use among them. Default 3; at least 1, which loads nothing ahead.</summary>
    public int PrefetchBatches { get; init; } = 3;

    /// <summary>Memory for decoded images that are kept from one epoch to the next, in bytes. Default 512 MiB; 0 keeps none.</summary>
    public long CacheBytes { get; init; } = 512L << 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Views);
        ArgumentOutOfRangeException.ThrowIfLessThan(WorkerThreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefetchBatches, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(CacheBytes);
        ArgumentNullException.ThrowIfNull(Augmentation);
        ArgumentNullException.ThrowIfNull(ImageViews);
        ArgumentOutOfRangeException.ThrowIfZero(ImageViews.Count, nameof(ImageViews));
        if (!Augmentation.IsDeterministic && !ImageViews.SequenceEqual(ImageView.Single))
        {
            throw new ArgumentException($"Given views cannot be combined with the augmentation '{Augmentation.Name}'.");
        }
    }
}
