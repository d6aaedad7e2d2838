using System.Globalization;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;
using TorchSharp;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>The count of tensors is the process's: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(TensorCount), DisableParallelization = true)]
public sealed class TensorCount;

/// <summary>Nothing is left behind: neither tensors, which TorchSharp counts, nor memory.</summary>
[LibtorchRequirement]
[Collection(nameof(TensorCount))]
public sealed class MemoryTests
{
    /// <summary>Steps of the soak; <c>MLCLASSIFY_SOAK=10000</c> for the long one.</summary>
    private static readonly int Steps = int.TryParse(Environment.GetEnvironmentVariable("MLCLASSIFY_SOAK"), NumberStyles.None, CultureInfo.InvariantCulture, out int steps) ? steps : 300;

    [EngineFact]
    public void Step_ManyTimes_MemoryStaysFlat()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.2f);
        using TorchEngine engine = Libtorch.Create();
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        using ParameterStore average = engine.CreateParameters(graph.Parameters);
        TestNetworks.Initialize(parameters);
        using ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(graph, 1e-4)],
            Optimizer = new AdamSpec { Decoupled = true },
            MaxBatch = 8,
            AccumulationSteps = 2,
            ClipNorm = 1,
        });
        float[] input = new float[8 * graph.Input.Shape.Count];
        TestNetworks.Fill(input, 4);
        int[] labels = [0, 1, 2, 3, 4, 0, 1, 2];
        void Step(int number)
        {
            session.Accumulate(new HostBatch(input, Targets.Labels(labels)), 2 * number);
            session.Accumulate(new HostBatch(input, Targets.Labels(labels)), (2 * number) + 1);
            session.Apply(new StepSettings(1));
            average.Lerp(parameters, 0.1);
            if (number % 50 == 0)
            {
                using IInferenceSession inference = engine.CreateInference(graph, average, 8);
                inference.Run(input);
            }
        }

        for (int i = 0; i < 100; i++)
        {
            Step(i);
        }

        long handles = Alive();
        long memory = ResidentBytes();
        for (int i = 0; i < Steps; i++)
        {
            Step(100 + i);
        }

        Assert.Equal(handles, Alive());

        // Some rest of the allocator's, independent of the number of steps.
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 48L << 20);
    }

    [EngineFact]
    public void Fit_TrialSteps_LeaveTheParametersAndNoTensor()
    {
        Graph graph = TestNetworks.Residual();
        using TorchEngine engine = Libtorch.Create();
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        TestNetworks.Initialize(parameters);
        float[][] before = [.. graph.Parameters.Select(p => parameters.Export(p.Name))];
        long alive = Alive();
        foreach (LossSpec loss in (LossSpec[])[new SoftmaxCrossEntropy(), new MeanSquaredError()])
        {
            var spec = new TrainingSpec { Groups = [TestNetworks.AllParameters(graph)], Optimizer = new AdamSpec(), Loss = loss, MaxBatch = 3, AccumulationSteps = 2 };
            Assert.True(Engines.Torch.Training.TrialSteps.Fit(engine, graph, (Engines.Torch.Parameters.TorchParameterStore)parameters, spec));
            Assert.True(engine.CanTrain(graph, parameters, spec));
            Assert.False(engine.CanTrain(graph, parameters, spec with { MaxBatch = 1 << 30 }));
        }

        Assert.Equal(alive, Alive());
        Assert.All(graph.Parameters.Zip(before), pair => Assert.Equal(pair.Second, parameters.Export(pair.First.Name)));
    }

    [EngineFact]
    public void Dispose_OfEverything_LeavesNoTensor()
    {
        Graph graph = TestNetworks.Residual();
        long before = Alive();
        using (TorchEngine engine = Libtorch.Create(ComputePrecision.BFloat16))
        using (ParameterStore parameters = engine.CreateParameters(graph.Parameters))
        {
            TestNetworks.Initialize(parameters);
            float[] input = new float[2 * graph.Input.Shape.Count];
            using (ITrainingSession session = engine.CreateTraining(graph, parameters, new TrainingSpec
            {
                Groups = [TestNetworks.AllParameters(graph)],
                Optimizer = new SgdSpec(),
                MaxBatch = 2,
            }))
            {
                session.Accumulate(new HostBatch(input, Targets.Labels([0, 1])), 0);
                session.Apply(new StepSettings(1));
                session.Accumulate(new HostBatch(input, Targets.Labels([0, 1])), 1);
            }

            using (IInferenceSession session = engine.CreateInference(graph, parameters, 2))
            {
                session.Run(input);
            }

            using IActivationGradientSession explaining = engine.CreateActivationGradient(graph, parameters, graph.Nodes.Single(n => n.Name == "block.relu2"));
            explaining.Forward(input.AsSpan(graph.Input.Shape.Count));
            explaining.Backward(1);
        }

        Assert.Equal(before, Alive());
    }

    private static long Alive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private static long ResidentBytes()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
