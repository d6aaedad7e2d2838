using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Holds every network's loss and gradients in training mode to torchvision's, computed in float64.</summary>
public sealed class TrainingParityTests : IDisposable
{
    private const double LossTolerance = 1e-4;

    // ReLU or a pooling window that float32 decides otherwise than float64 moves a gradient by a whole activation, here at other
    // places than in PyTorch. So a gradient may be off by some times what PyTorch's own in float32 is off, at most, over some steps whose
    // weights differ by a millionth: in 100 layers and more, some value always lies on a kink.
    private const double GradientTolerance = 1e-3;
    private const double Float32Tolerance = 2;

    // Some gradients are zero but for rounding: a shift before the next batch normalization.
    private const double ZeroTolerance = 1e-6;

    private static readonly TrainingCase[] Cases = GoldenFiles.Read<TrainingCase[]>("training.json");

    private readonly CpuEngine _engine = new();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_FormulaWeights_GivesTorchvisionsLossAndGradients(string network, HeadKind head)
    {
        TrainingCase expected = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = expected.Height, InputWidth = expected.Width, Head = head, Dropout = 0 });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        using ITrainingSession session = _engine.CreateTraining(graph, parameters, new TrainingSpec
        {
            Groups = [TestNetworks.AllParameters(graph)],
            Optimizer = new SgdSpec(),
            Loss = new SoftmaxCrossEntropy { LabelSmoothing = 0.1f },
            MaxBatch = expected.Batch,
        });
        float[] input = new float[expected.Batch * graph.Input.Shape.Count];
        FormulaValues.FillInput(input);

        int[] labels = [.. Enumerable.Range(0, expected.Batch).Select(i => ((3 * i) + 1) % 10)];
        session.Accumulate(new HostBatch(input, Targets.Labels(labels)), 0);

        double zero = ZeroTolerance * expected.Gradients.Max(g => g.Norm);
        foreach (GoldenGradient gradient in expected.Gradients)
        {
            double tolerance = (GradientTolerance * gradient.Norm) + (Float32Tolerance * gradient.Float32Error) + zero;
            (double norm, double projection) = Measure(gradient.Name, TestNetworks.Gradient(session, session.Trained.Single(p => p.Name == gradient.Name)));
            AssertClose(gradient.Norm, norm, tolerance, gradient.Name + " norm");
            AssertClose(gradient.Projection, projection, tolerance, gradient.Name + " projection");
        }

        double loss = session.Apply(new StepSettings(1)).LossSum / expected.Batch;
        AssertClose(expected.Loss, loss, expected.Loss * LossTolerance, "loss");
        foreach (GoldenStatistic statistic in expected.Statistics)
        {
            AssertClose(
                statistic.Norm,
                Math.Sqrt(parameters.Export(statistic.Name).Sum(v => (double)v * v)),
                statistic.Norm * LossTolerance,
                statistic.Name);
        }
    }

    // The norm, and the projection on a fixed direction, which notices permuted values.
    private static (double Norm, double Projection) Measure(string name, float[] gradient)
    {
        uint seed = FormulaValues.Seed("projection." + name);
        double squares = 0;
        double projection = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            squares += (double)gradient[i] * gradient[i];
            projection += gradient[i] * FormulaValues.Uniform(seed, i);
        }

        return (Math.Sqrt(squares), projection);
    }

    private static void AssertClose(double expected, double found, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - found) <= tolerance, $"{what}: expected {expected}, found {found}, tolerance {tolerance}");
}
