using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Models;
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

    public EvaluationResult Evaluate(ParameterStore parameters, Action<int> batchDone, CancellationToken cancellationToken)
    {
        // Training has changed the values, which calls for a new predictor.
        using var predictor = new Predictor(engine, graph, parameters, preprocessing: null, batchSize);
        return ImageEvaluator.Run(predictor, loader, batchDone, cancellationToken: cancellationToken);
    }
}
