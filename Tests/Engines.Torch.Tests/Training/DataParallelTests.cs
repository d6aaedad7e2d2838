using System.Runtime.InteropServices;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.Testing.Engines;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Engines.Torch.Tests.Training;

/// <summary>Several devices, all of them the processor.</summary>
[LibtorchRequirement]
public sealed class DataParallelTests : IDisposable
{
    private const int Batch = 7;
    private static readonly Graph Network = TestNetworks.Residual();

    private readonly ColorImageFolder _images = new(perClass: 6);

    public void Dispose() => _images.Dispose();

    // Batch normalization on its running statistics: with a batch's own, a part is another batch.
    [EngineTheory]
    [InlineData(2, "Labels", 1)]
    [InlineData(3, "Labels", 2)]
    [InlineData(4, "Distributions", 1)]
    [InlineData(9, "Values", 1)]
    public void Steps_SeveralReplicas_AreThoseOfOneUpToRounding(int replicas, string kind, int accumulation)
    {
        (List<StepMetrics> expected, float[][] values) = Train(1, kind, accumulation);
        (List<StepMetrics> found, float[][] parallel) = Train(replicas, kind, accumulation);

        foreach ((StepMetrics one, StepMetrics several) in expected.Zip(found))
        {
            Assert.Equal((one.Samples, one.Correct), (several.Samples, several.Correct));
            Assert.Equal(one.LossSum, several.LossSum, 1e-4 * Math.Abs(one.LossSum));
            Assert.Equal(one.GradientNorm, several.GradientNorm, 1e-3 * one.GradientNorm);
        }

        // As the suite asks for gradients and three steps: 1e-3 of a parameter's norm.
        foreach ((float[] one, float[] several) in values.Zip(parallel))
        {
            Assert.InRange(Norm([.. one.Zip(several, (a, b) => a - b)]), 0, 1e-3 * Math.Max(1e-3, Norm(one)));
        }
    }

    [EngineFact]
    public void Accumulate_SeedsOfReplicas_Differ()
    {
        Graph dropping = TestNetworks.Residual(dropout: 0.5f);
        float[] Gradient(int replicas)
        {
            using TorchEngine engine = Engine(replicas);
            using ParameterStore parameters = Store(engine, dropping);
            using ITrainingSession session = engine.CreateTraining(dropping, parameters, Spec(dropping, new SoftmaxCrossEntropy(), 1));
            float[] one = new float[dropping.Input.Shape.Count];
            TestNetworks.Fill(one, 1);
            session.Accumulate(new HostBatch([.. one, .. one], Targets.Labels([0, 0])), 0);
            return TestNetworks.Gradient(session, session.Trained.Single(p => p.Name == "fc.weight"));
        }

        Assert.NotEqual(Gradient(1), Gradient(2));
        Assert.Equal(Gradient(2), Gradient(2));
    }

    [EngineFact]
    public void Execute_ReplicaThatFails_EndsTheRunWithOneMessageAndAWholeCheckpoint()
    {
        int parts = 0;
        int begun = 0;
        TorchEngine engine = Engine(3, part =>
        {
            begun += part == 0 ? 1 : 0;
            if (Interlocked.Increment(ref parts) > 9 && part == 1)
            {
                throw new CardFailure("CUDA error: an illegal memory access was encountered\nand more");
            }
        });
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        FineTuneOptions options = new FineTuneOptions
        {
            Backbone = TinyNetwork.Name,
            Weights = WeightSelection.None,
            BatchSize = 6,
            Epochs = 4,
            Input = new() { ImageSize = 16 },
        }.Resolve();
        string path = _images["checkpoint.safetensors"];
        using var run = new FineTuneRun(Model(engine, train.ClassNames), options, train, validation, new ProgressReporter(null, 4, TimeProvider.System))
        {
            Checkpoints = new CheckpointWriter(path, "these images", TimeSpan.Zero, TimeProvider.System) { Engine = engine.Identity },
            Warnings = [],
        };

        ComputeDeviceException error = Assert.Throws<ComputeDeviceException>(() => run.Execute(CancellationToken.None));

        Assert.Equal("The device torch-cpu failed, one of 3: CUDA error: an illegal memory access was encountered.", error.Message);
        using CheckpointReader checkpoint = CheckpointReader.Open(path, "these images")!;
        Assert.Equal(new EngineIdentity("libtorch 2.10", "torch-cpu and 2 more", "float32"), checkpoint.Engine);

        // That of the moment before the batch that failed.
        Assert.InRange(begun, 3, 10);
        Assert.Equal(begun - 1, checkpoint.Position.Step);
    }

    private static TorchEngine Engine(int replicas, Action<int>? beforePart = null) =>
        new([.. Enumerable.Repeat(new EngineSettings(ComputeDevice.TorchCpu, ComputePrecision.Float32, Threads: 2), replicas)]) { BeforePart = beforePart };

    private static (List<StepMetrics> Metrics, float[][] Values) Train(int replicas, string kind, int accumulation)
    {
        using TorchEngine engine = Engine(replicas);
        using ParameterStore parameters = Store(engine, Network);
        LossSpec loss = kind == "Values" ? new MeanSquaredError() : new SoftmaxCrossEntropy();
        using ITrainingSession session = engine.CreateTraining(Network, parameters, Spec(Network, loss, accumulation));
        var metrics = new List<StepMetrics>();
        float[] input = new float[Batch * Network.Input.Shape.Count];
        float[] rows = new float[Batch * Network.Output.Shape.Count];
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < accumulation; i++)
            {
                TestNetworks.Fill(input, (ulong)(1 + (step * 10) + i));
                for (int r = 0; r < rows.Length; r++)
                {
                    rows[r] = r % Network.Output.Shape.Count == r % 3 ? 0.75f : 0.0625f;
                }

                session.Accumulate(
                    new HostBatch(input, kind switch
                    {
                        "Labels" => Targets.Labels([0, 1, 2, 3, 4, 0, 1]),
                        "Values" => Targets.Values(rows),
                        _ => Targets.Distributions(rows),
                    }),
                    (step * accumulation) + i);
            }

            metrics.Add(session.Apply(new StepSettings(1)));
        }

        return (metrics, [.. Network.Parameters.Where(p => p.IsTrainable).Select(p => parameters.Export(p.Name))]);
    }

    private static TrainingSpec Spec(Graph graph, LossSpec loss, int accumulation) => new()
    {
        Groups = [TestNetworks.AllParameters(graph, 1e-2)],
        Optimizer = new SgdSpec(),
        Loss = loss,
        MaxBatch = Batch,
        AccumulationSteps = accumulation,
        ClipNorm = 1,
        FreezeBatchNormStatistics = true,
    };

    private static ParameterStore Store(TorchEngine engine, Graph graph)
    {
        ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        TestNetworks.Initialize(parameters);
        return parameters;
    }

    private static TrainedModel Model(TorchEngine engine, IReadOnlyList<string> labels)
    {
        var network = new NetworkOptions { Classes = labels.Count, InputHeight = 16, InputWidth = 16 };
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(network);
        ParameterStore parameters = ModelFactory.CreateParameters(engine, graph, p => p.Initialize(0));
        return new TrainedModel(NetworkSpec.From(TinyNetwork.Name, network), graph, labels, PreprocessingSpec.ForInput(16, 1.143), engine, parameters);
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));

    private sealed class CardFailure(string message) : ExternalException(message);
}
