using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;

namespace MLClassify.Engines.Torch.Training;

/// <summary>Asks a device whether a training step fits, by making it.</summary>
internal static class TrialSteps
{
    // The second step begins with the optimizer's whole state.
    private const int Steps = 2;

    /// <summary>Whether steps with the spec's largest batch fit into the memory.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values; a copy of them is trained.</param>
    /// <param name="spec">What is trained, and how.</param>
    public static bool Fit(TorchEngine engine, Graph graph, TorchParameterStore parameters, TrainingSpec spec)
    {
        try
        {
            using ParameterStore scratch = engine.CreateParameters(graph.Parameters);
            scratch.CopyFrom(parameters);
            using ITrainingSession session = engine.CreateTraining(graph, scratch, spec);
            float[] inputs = new float[spec.MaxBatch * graph.Input.Shape.Count];
            float[] values = new float[spec.MaxBatch * graph.Output.Shape.Count];
            int[] labels = new int[spec.MaxBatch];
            for (int step = 0; step < Steps; step++)
            {
                for (int batch = 0; batch < spec.AccumulationSteps; batch++)
                {
                    Targets targets = spec.Loss is MeanSquaredError ? Targets.Values(values) : Targets.Labels(labels);
                    session.Accumulate(new HostBatch(inputs, targets), step);
                }

                session.Apply(new StepSettings(0));
            }

            return true;
        }
        catch (InsufficientMemoryException)
        {
            return false;
        }
    }
}
