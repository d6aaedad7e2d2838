using System.Diagnostics;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.DeviceBench;

/// <summary>Images a second through the seam, as the trainers and the predictors use it: from host memory, and back.</summary>
internal static class Speed
{
    private const int WarmUp = 3;
    private const int LeastSteps = 3;

    public static double OfTraining(Engine engine, Graph graph, ParameterStore parameters, int batch, TimeSpan limit)
    {
        var group = new ParameterGroup("all", [.. graph.Parameters.Where(p => p.IsTrainable)], LearningRate: 1e-3, WeightDecay: 1e-4);
        using ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec { Groups = [group], Optimizer = new SgdSpec(), MaxBatch = batch });
        float[] inputs = Inputs(graph, batch);
        int[] labels = [.. Enumerable.Range(0, batch)];
        long step = 0;
        return Measure(batch, limit, () =>
        {
            session.Accumulate(new HostBatch(inputs, Targets.Labels(labels)), step++);
            session.Apply(new StepSettings(1));
        });
    }

    public static double OfInference(Engine engine, Graph graph, ParameterStore parameters, int batch, TimeSpan limit)
    {
        using IInferenceSession session = engine.CreateInference(graph, parameters, batch);
        float[] inputs = Inputs(graph, batch);
        return Measure(batch, limit, () => session.Run(inputs));
    }

    private static double Measure(int batch, TimeSpan limit, Action run)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            run();
        }

        long start = Stopwatch.GetTimestamp();
        int steps = 0;
        while (steps < LeastSteps || Stopwatch.GetElapsedTime(start) < limit)
        {
            run();
            steps++;
        }

        return steps * batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static float[] Inputs(Graph graph, int batch)
    {
        float[] inputs = new float[batch * graph.Input.Shape.Count];
        var random = new Random(1);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (random.NextSingle() * 2) - 1;
        }

        return inputs;
    }
}
