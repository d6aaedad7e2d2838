namespace MLClassify.Trainers;

/// <summary>Samples of a batch in host memory; valid until the next batch is asked for.</summary>
/// <param name="inputs">The samples, <c>[batch, H, W, C]</c>; an objective may change them.</param>
/// <param name="labels">Their classes, <c>[batch]</c>.</param>
/// <param name="indices">Their positions in the dataset, <c>[batch]</c>.</param>
internal readonly ref struct SampleBatch(Span<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<int> indices)
{
    /// <summary>The samples, <c>[batch, H, W, C]</c>.</summary>
    public Span<float> Inputs { get; } = inputs;

    /// <summary>Their classes, <c>[batch]</c>.</summary>
    public ReadOnlySpan<int> Labels { get; } = labels;

    /// <summary>Their positions in the dataset, <c>[batch]</c>.</summary>
    public ReadOnlySpan<int> Indices { get; } = indices;

    /// <summary>Samples; 0 at an epoch's end.</summary>
    public int Count => Labels.Length;
}

/// <summary>Provides the samples of an epoch, in an order and with augmentation that follow from the seed and the epoch.</summary>
internal interface IBatchSource : IDisposable
{
    /// <summary>Samples in an epoch.</summary>
    int Images { get; }

    /// <summary>Batches in an epoch.</summary>
    int Batches { get; }

    /// <summary>The number of the batch that <see cref="Next"/> brought last; -1 before the first of an epoch.</summary>
    int Current { get; }

    /// <summary>Starts an epoch.</summary>
    /// <param name="epoch">Counted from 0.</param>
    /// <param name="firstBatch">The batch that comes first, 0 to <see cref="Batches"/>.</param>
    void Begin(int epoch, int firstBatch);

    /// <summary>The next batch; one of 0 samples at the epoch's end.</summary>
    SampleBatch Next();
}
