using MLClassify.Datasets;
using MLClassify.Models;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Evaluation;

/// <summary>
/// Runs a network over pictures and counts what it gets right. Every readable picture counts once; where the loader gives several views of
/// each, its probabilities are their averages (<see cref="ViewAverage"/>), and the loss is the averages' too.
/// </summary>
internal static class ImageEvaluator
{
    /// <summary>Evaluates a network on a loader's pictures.</summary>
    /// <param name="predictor">The network, whose input has the loader's size.</param>
    /// <param name="loader">The pictures, labelled as the network's classes are; not shuffled, not augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of pictures; nobody when null.</param>
    /// <param name="cancellationToken">Ends the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">Not one picture could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    public static EvaluationResult Run(
        Predictor predictor, BatchLoader loader, Action<int>? batchDone = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(loader);
        ImageDataset dataset = loader.Dataset;
        int classes = dataset.ClassNames.Count;
        if (predictor.OutputLength != classes)
        {
            string problem = FormattableString.Invariant($"The network has {predictor.OutputLength} classes, the pictures have {classes}.");
            throw new ArgumentException(problem, nameof(loader));
        }

        var accumulator = new EvaluationAccumulator(dataset.ClassNames);
        void Count(int index, ReadOnlySpan<float> logits) => accumulator.Add(dataset.Samples[index], logits);
        predictor.ForEach(loader, epoch: 0, Count, batchDone, cancellationToken);
        return accumulator.ToResult(loader.Skipped);
    }
}
