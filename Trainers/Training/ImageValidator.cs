using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Measures the whole network on pictures.</summary>
/// <param name="graph">The network.</param>
/// <param name="loader">The pictures; not disposed here.</param>
/// <param name="batchSize">The loader's batch size.</param>
internal sealed class ImageValidator(Graph graph, BatchLoader loader, int batchSize) : IValidator
{
    public int Images => loader.Dataset.Count;

    public int BatchSize => batchSize;

    public ClassificationReport Evaluate(ParameterSet parameters, Action<int> batchDone, CancellationToken cancellationToken)
    {
        // A session reads its parameters once, so each evaluation has one of its own.
        using var session = new InferenceSession(graph, parameters, batchSize);
        return ImageEvaluator.Run(session, loader, batchDone, cancellationToken);
    }
}
