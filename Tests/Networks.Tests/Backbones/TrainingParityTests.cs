using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Holds every network's loss and gradients in training mode to torchvision's, computed in float64.</summary>
public sealed class TrainingParityTests : IDisposable
{
    private const double LossTolerance = 1e-4;

    // A rectifier or a pooling window that float32 decides otherwise than float64 moves a gradient by a whole activation, here at other
    // places than in PyTorch. So a gradient may be off by some times what PyTorch's own in float32 is off, at most, over some steps whose
    // weights differ by a millionth: in 100 layers and more, some value always lies on a kink.
    private const double GradientTolerance = 1e-3;
    private const double Float32Tolerance = 2;

    // Some gradients are zero but for rounding: a shift before the next batch normalisation.
    private const double ZeroTolerance = 1e-6;

    private static readonly TrainingCase[] Cases = GoldenFiles.Read<TrainingCase[]>("training.json");

    private readonly Device _device = Device.Cpu();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose() => _device.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step_FormulaWeights_GivesTorchvisionsLossAndGradients(string network, HeadKind head)
    {
        TrainingCase expected = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = expected.Height, InputWidth = expected.Width, Head = head, Dropout = 0 });
        using var parameters = new ParameterSet(graph.Parameters, _device);
        FormulaValues.Fill(parameters);
        using var session = new TrainingSession(
            graph, parameters, new TrainingSessionOptions { MaxBatch = expected.Batch, LabelSmoothing = 0.1f });
        FormulaValues.FillInput(session.Input);

        int[] labels = [.. Enumerable.Range(0, expected.Batch).Select(i => ((3 * i) + 1) % 10)];
        double loss = session.Step(labels, 0).LossSum / expected.Batch;

        AssertClose(expected.Loss, loss, expected.Loss * LossTolerance, "loss");
        double zero = ZeroTolerance * expected.Gradients.Max(g => g.Norm);
        foreach (GoldenGradient gradient in expected.Gradients)
        {
            double tolerance = (GradientTolerance * gradient.Norm) + (Float32Tolerance * gradient.Float32Error) + zero;
            (double norm, double projection) = Measure(session.Trained.Single(t => t.Parameter.Name == gradient.Name));
            AssertClose(gradient.Norm, norm, tolerance, gradient.Name + " norm");
            AssertClose(gradient.Projection, projection, tolerance, gradient.Name + " projection");
        }

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
    private (double Norm, double Projection) Measure(TrainedParameter trained)
    {
        float[] gradient = new float[trained.Parameter.Count];
        _device.Unpack(trained.Parameter, trained.Gradient.Span, gradient);
        uint seed = FormulaValues.Seed("projection." + trained.Parameter.Name);
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
