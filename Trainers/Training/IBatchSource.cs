namespace MLClassify.Trainers;

/// <summary>Brings the samples of an epoch, in an order and with variations that follow from the seed and the epoch.</summary>
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

    /// <summary>Writes the next batch.</summary>
    /// <param name="input">Where the samples go, <c>[batch, H, W, C]</c>.</param>
    /// <param name="labels">Where their classes go.</param>
    /// <returns>How many samples were written; 0 at the epoch's end.</returns>
    int Next(Span<float> input, Span<int> labels);

    /// <summary>Writes the batch again that <see cref="Next"/> brought last.</summary>
    /// <param name="input">Where the samples go.</param>
    void Repeat(Span<float> input);
}
