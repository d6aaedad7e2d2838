using MLClassify.Models;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Runs a frozen backbone once over pictures.</summary>
internal static class FeatureExtractor
{
    /// <summary>Computes the features of all readable pictures, in the loader's order.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="loader">The pictures, neither shuffled nor augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of pictures.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static FeatureSet Run(Predictor backbone, BatchLoader loader, Action<int> batchDone, CancellationToken cancellationToken)
    {
        var features = new FeatureSet(loader.Dataset.Count, backbone.OutputLength);
        void Keep(int picture, ReadOnlySpan<float> row) => features.Add(row, loader.Dataset.Samples[picture]);
        backbone.ForEach(loader, epoch: 0, Keep, batchDone, cancellationToken);
        return features;
    }
}
