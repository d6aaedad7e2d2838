using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Evaluates the whole network on images.</summary>
/// <param name="engine">The engine that computes.</param>
/// <param name="graph">The network.</param>
/// <param name="loader">The images; not disposed here.</param>
/// <param name="batchSize">The loader's batch size.</param>
internal sealed class ImageValidator(Engine engine, Graph graph, BatchLoader loader, int batchSize) : IValidator
{
    public int Images => loader.Dataset.Count;

    public int BatchSize => batchSize;

    public ClassificationReport Evaluate(ParameterStore parameters, Action<int> batchDone, CancellationToken cancellationToken)
    {
        // A session may prepare its parameters once, so each evaluation has one of its own.
        using IInferenceSession session = engine.CreateInference(graph, parameters, batchSize);
        return ImageEvaluator.Run(session, loader, batchDone, cancellationToken);
    }
}
