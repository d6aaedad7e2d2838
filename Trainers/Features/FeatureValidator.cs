using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;

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

    public ClassificationReport Evaluate(ParameterStore parameters, Action<int> batchDone, CancellationToken cancellationToken)
    {
        using IInferenceSession session = engine.CreateInference(head, parameters, BatchSize);
        float[] batch = new float[BatchSize * features.Length];
        var accumulator = new EvaluationAccumulator(classNames);
        for (int start = 0; start < features.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, features.Count - start);
            for (int i = 0; i < count; i++)
            {
                features[start + i].CopyTo(batch.AsSpan(i * features.Length));
            }

            ReadOnlySpan<float> logits = session.Run(batch.AsSpan(0, count * features.Length));
            for (int i = 0; i < count; i++)
            {
                accumulator.Add(features.Label(start + i), logits.Slice(i * classNames.Count, classNames.Count), features.Path(start + i));
            }

            batchDone(count);
        }

        return accumulator.ToReport();
    }
}
