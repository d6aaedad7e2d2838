using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Evaluation;

/// <summary>
/// Runs a network over pictures and counts what it gets right. Every readable picture counts once; where the loader gives several views of
/// each, its probabilities are their averages (<see cref="ViewAverage"/>), and the loss is the averages' too.
/// </summary>
public static class ImageEvaluator
{
    /// <summary>Evaluates a network on a loader's pictures.</summary>
    /// <param name="session">The network, whose input has the loader's size; without several views its largest batch is at least the loader's.</param>
    /// <param name="loader">The pictures, labelled as the network's classes are; not shuffled, not augmented.</param>
    /// <param name="batchDone">Called after every batch with its number of pictures; nobody when null.</param>
    /// <param name="cancellationToken">Ends the evaluation between batches.</param>
    /// <exception cref="InvalidDatasetException">Not one picture could be read.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    public static EvaluationResult Run(
        IInferenceSession session, BatchLoader loader, Action<int>? batchDone = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(loader);
        ImageDataset dataset = loader.Dataset;
        int classes = dataset.ClassNames.Count;
        if (session.OutputShape.Count != classes)
        {
            string problem = FormattableString.Invariant($"The network has {session.OutputShape.Count} classes, the pictures have {classes}.");
            throw new ArgumentException(problem, nameof(loader));
        }

        var views = new ViewRunner(session);
        var accumulator = new EvaluationAccumulator(dataset.ClassNames);
        foreach (Batch batch in loader.Epoch(0, cancellationToken))
        {
            ReadOnlySpan<float> logits = views.Run(batch);
            for (int i = 0; i < batch.Count; i++)
            {
                accumulator.Add(batch.Labels[i], logits.Slice(i * classes, classes), dataset.Samples[batch.Indices[i]].Path);
            }

            batchDone?.Invoke(batch.Count);
        }

        return accumulator.ToResult(loader.Skipped);
    }
}
