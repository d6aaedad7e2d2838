using MLClassify.Models;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Runs a frozen backbone once over images.</summary>
internal static class FeatureExtractor
{
    /// <summary>Computes the features of all readable images, in the loader's order.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="loader">The images, neither shuffled nor augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of images.</param>
    /// <param name="cancellationToken">Cancels the work between batches.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static FeatureSet Run(Predictor backbone, BatchLoader loader, Action<int> batchDone, CancellationToken cancellationToken)
    {
        var features = new FeatureSet(loader.Dataset.Count, backbone.OutputLength);
        void Keep(int image, ReadOnlySpan<float> row) => features.Add(row, loader.Dataset.Samples[image]);
        backbone.ForEach(loader, epoch: 0, Keep, batchDone, cancellationToken);
        return features;
    }
}
