using MLClassify.Engines;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Runs a frozen backbone once over images.</summary>
internal static class FeatureExtractor
{
    /// <summary>Computes the features of all readable images, in the loader's order.</summary>
    /// <param name="session">The backbone.</param>
    /// <param name="loader">The images, neither shuffled nor augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of images.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static FeatureSet Run(IInferenceSession session, BatchLoader loader, Action<int> batchDone, CancellationToken cancellationToken)
    {
        var features = new FeatureSet(loader.Dataset.Count, session.OutputShape.Count);
        ForEach(session, loader, epoch: 0, (image, row) => features.Add(row, loader.Dataset.Samples[image]), batchDone, cancellationToken);
        return features;
    }

    /// <summary>Computes the outputs of all readable images of an epoch and hands them out one by one.</summary>
    /// <param name="session">The network.</param>
    /// <param name="loader">The images.</param>
    /// <param name="epoch">The loader's epoch, which names random changes.</param>
    /// <param name="output">Gets an image's position in the dataset and its outputs, which are valid during the call.</param>
    /// <param name="batchDone">Called after every batch with its number of images, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static void ForEach(
        IInferenceSession session, BatchLoader loader, int epoch, Action<int, ReadOnlySpan<float>> output, Action<int>? batchDone, CancellationToken cancellationToken)
    {
        int length = session.OutputShape.Count;
        foreach (Batch batch in loader.Epoch(epoch, cancellationToken))
        {
            ReadOnlySpan<float> outputs = session.Run(batch.Pixels);
            for (int i = 0; i < batch.Count; i++)
            {
                output(batch.Indices[i], outputs.Slice(i * length, length));
            }

            batchDone?.Invoke(batch.Count);
        }
    }
}
