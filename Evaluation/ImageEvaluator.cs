using MLClassify.Models;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Evaluation;

/// <summary>
/// Runs a network over images and counts what it gets right. Every readable image counts once; where the loader gives several views of
/// each, its probabilities are their averages (<see cref="ViewAverage"/>), and the loss is the averages' too.
/// </summary>
internal static class ImageEvaluator
{
    /// <summary>Evaluates a network on a loader's images.</summary>
    /// <param name="predictor">The network, whose input has the loader's size.</param>
    /// <param name="loader">The images, labeled as the network's classes are; not shuffled, not augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of images, or null for no reporting.</param>
    /// <param name="trainedOn">How many of the images the network was trained on; null where that is not known.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">Not one image could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public static EvaluationResult Run(
        Predictor predictor, BatchLoader loader, Action<int>? batchDone = null, int? trainedOn = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(loader);
        ImageDataset dataset = loader.Dataset;
        int classes = dataset.ClassNames.Count;
        if (predictor.OutputLength != classes)
        {
            string problem = FormattableString.Invariant($"The network has {predictor.OutputLength} classes, the images have {classes}.");
            throw new ArgumentException(problem, nameof(loader));
        }

        var accumulator = new EvaluationAccumulator(dataset.ClassNames);
        void Count(int index, ReadOnlySpan<float> logits) => accumulator.Add(dataset.Samples[index], logits);
        predictor.ForEach(loader, epoch: 0, Count, batchDone, cancellationToken);
        return accumulator.ToResult(loader.Skipped, trainedOn);
    }
}
