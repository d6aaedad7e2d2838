using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Every network at sizes and class counts other than the published ones.</summary>
public sealed class InputSizeTests : IDisposable
{
    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("sizes.json");

    private readonly CpuEngine _engine = new();

    public static TheoryData<string> Names { get; } = [.. NetworkRegistry.Default.Names];

    public static TheoryData<string> NamesWithMinimum { get; } =
        [.. NetworkRegistry.Default.Definitions.Where(d => d.MinimumInputSize > 1).Select(d => d.Name)];

    public static TheoryData<string, int, int> Sizes { get; } = MakeSizes();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_OtherSize_GivesTorchvisionsLogits(string network, int height, int width)
    {
        OutputCase expected = Cases.Single(c => c.Network == network && c.Height == height && c.Width == width);
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions { Classes = 10, InputHeight = height, InputWidth = width });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        FormulaValues.FillInput(input);
        ReadOnlySpan<float> found = session.Run(input);
        double scale = expected.Values.Max(Math.Abs);
        for (int i = 0; i < expected.Values.Length; i++)
        {
            // As in InferenceParityTests.
            Assert.Equal(expected.Values[i], found[i], 1e-4 * scale);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_MinimumInput_GivesFiniteGradientsToEveryParameter(string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        int size = definition.MinimumInputSize;
        Graph graph = definition.Build(new NetworkOptions { Classes = 3, InputHeight = size, InputWidth = size + 1 });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Initialize(1);

        // Batch normalization of two values multiplies small gradients by up to 300 in each of resnet152's 155 layers: in float64 PyTorch's
        // reach 1e44 there, beyond float32, where they are no numbers; with eight samples 1e7.
        int[] labels = [0, 2, 1, 0, 2, 1, 0, 2];
        using ITrainingSession session = _engine.CreateTraining(
            graph, parameters, new TrainingSpec { Groups = [TestNetworks.AllParameters(graph)], Optimizer = new SgdSpec(), MaxBatch = labels.Length });
        float[] input = new float[labels.Length * graph.Input.Shape.Count];
        FormulaValues.FillInput(input);
        session.Accumulate(new HostBatch(input, Targets.Labels(labels)), 0);
        Assert.Equal(graph.Parameters.Where(p => p.IsTrainable), session.Trained);
        Assert.All(session.Trained, p => Assert.True(IsFinite(TestNetworks.Gradient(session, p)), p.Name));
        Assert.True(double.IsFinite(session.Apply(new StepSettings(1)).LossSum));
    }

    [Theory]
    [MemberData(nameof(NamesWithMinimum))]
    public void Build_BelowMinimum_IsWhatTheLayersWouldRefuse(string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        int size = definition.MinimumInputSize;
        var tall = new NetworkOptions { InputHeight = 224, InputWidth = size - 1 };
        var wide = new NetworkOptions { InputHeight = size - 1, InputWidth = 224 };
        foreach (NetworkOptions options in (NetworkOptions[])[tall, wide])
        {
            Assert.Throws<ShapeException>(() => definition.Factory(options));
            var error = Assert.Throws<ArgumentException>(() => definition.Build(options));
            Assert.StartsWith(
                FormattableString.Invariant(
                    $"{name}: the input must be at least {size} x {size} pixels, got {options.InputHeight} x {options.InputWidth}."),
                error.Message);
        }
    }

    [Theory]
    [InlineData("squeezenet1_1", 1)]
    [InlineData("squeezenet1_1", 21_841)]
    [InlineData("mobilenet_v2", 2)]
    [InlineData("resnet18", 1)]
    [InlineData("resnet18", 21_841)]
    [InlineData("cifar_resnet20", 1000)]
    public void Step_AnyNumberOfClasses_Trains(string name, int classes)
    {
        Graph graph = NetworkRegistry.Default.Get(name).Build(new NetworkOptions { Classes = classes, InputHeight = 32, InputWidth = 40 });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Initialize(2);
        using ITrainingSession session = _engine.CreateTraining(graph, parameters, new TrainingSpec { Groups = [TestNetworks.AllParameters(graph)], Optimizer = new SgdSpec(), MaxBatch = 2 });
        float[] input = new float[2 * graph.Input.Shape.Count];
        FormulaValues.FillInput(input);
        Assert.Equal(classes, graph.Output.Shape.Count);
        session.Accumulate(new HostBatch(input, Targets.Labels([0, classes - 1])), 0);
        Assert.All(session.Trained, p => Assert.True(IsFinite(TestNetworks.Gradient(session, p)), p.Name));
        double loss = session.Apply(new StepSettings(1)).LossSum;
        Assert.True(double.IsFinite(loss));
        Assert.True(classes > 1 || Math.Abs(loss) < 1e-6, "one class is certain");
    }

    [Fact]
    public void Cases_Golden_CoverEveryNetwork() =>
        Assert.Equal(NetworkRegistry.Default.Names, Cases.Select(c => c.Network).Distinct());

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static TheoryData<string, int, int> MakeSizes()
    {
        var data = new TheoryData<string, int, int>();
        foreach (OutputCase golden in Cases)
        {
            data.Add(golden.Network, golden.Height, golden.Width);
        }

        return data;
    }
}
