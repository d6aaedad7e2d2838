namespace MLClassify.Trainers;

/// <summary>Brings the samples of an epoch, in an order and with variations that follow from the seed and the epoch.</summary>
internal interface IBatchSource : IDisposable
{
    /// <summary>Samples in an epoch.</summary>
    int Images { get; }

    /// <summary>Batches in an epoch.</summary>
    int Batches { get; }

    /// <summary>Starts an epoch.</summary>
    /// <param name="epoch">Counted from 0.</param>
    /// <param name="cancellationToken">Ends the epoch.</param>
    void Begin(int epoch, CancellationToken cancellationToken);

    /// <summary>Writes the next batch.</summary>
    /// <param name="input">Where the samples go, <c>[batch, H, W, C]</c>.</param>
    /// <param name="labels">Where their classes go.</param>
    /// <returns>How many samples were written; 0 at the epoch's end.</returns>
    /// <exception cref="OperationCanceledException">The epoch was ended.</exception>
    int Next(Span<float> input, Span<int> labels);
}
