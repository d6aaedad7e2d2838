using MLClassify.Graphs.Sessions;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Runs a frozen backbone once over pictures.</summary>
internal static class FeatureExtractor
{
    /// <summary>Computes the features of all readable pictures, in the loader's order.</summary>
    /// <param name="session">The backbone.</param>
    /// <param name="loader">The pictures, neither shuffled nor augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of pictures.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static FeatureSet Run(InferenceSession session, BatchLoader loader, Action<int> batchDone, CancellationToken cancellationToken)
    {
        int length = session.OutputShape.Count;
        var features = new FeatureSet(loader.Dataset.Count, length);
        try
        {
            foreach (Batch batch in loader.Epoch(0, cancellationToken))
            {
                batch.Pixels.CopyTo(session.Input);
                ReadOnlySpan<float> output = session.Run(batch.Count);
                for (int i = 0; i < batch.Count; i++)
                {
                    features.Add(output.Slice(i * length, length), loader.Dataset.Samples[batch.Indices[i]]);
                }

                batchDone(batch.Count);
            }

            return features;
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }
}
