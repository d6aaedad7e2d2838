using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Models;

namespace MLClassify.Trainers;

/// <summary>Evaluates a head on stored features.</summary>
/// <param name="engine">The engine that computes.</param>
/// <param name="head">The head, whose input is the features.</param>
/// <param name="features">The features; not disposed here.</param>
/// <param name="classNames">The classes' names.</param>
internal sealed class FeatureValidator(Engine engine, Graph head, FeatureSet features, IReadOnlyList<string> classNames) : IValidator
{
    private const int LargestBatch = 256;

    public int Images => features.Count;

    public int BatchSize => Math.Clamp(features.Count, 1, LargestBatch);

    public EvaluationResult Evaluate(ParameterStore parameters, Action<int> batchDone, CancellationToken cancellationToken)
    {
        // Training has changed the values, which calls for a new predictor.
        using var predictor = new Predictor(engine, head, parameters, preprocessing: null, BatchSize);
        float[] batch = new float[BatchSize * features.Length];
        float[] logits = new float[BatchSize * classNames.Count];
        var accumulator = new EvaluationAccumulator(classNames);
        for (int start = 0; start < features.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, features.Count - start);
            for (int i = 0; i < count; i++)
            {
                features[start + i].CopyTo(batch.AsSpan(i * features.Length));
            }

            predictor.Predict(batch.AsSpan(0, count * features.Length), views: 1, logits.AsSpan(0, count * classNames.Count));
            for (int i = 0; i < count; i++)
            {
                accumulator.Add(features.Sample(start + i), logits.AsSpan(i * classNames.Count, classNames.Count));
            }

            batchDone(count);
        }

        return accumulator.ToResult();
    }
}
