using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Tests.Naming;

public sealed class CaffeAlexNetWeightsTests : IDisposable
{
    // Eight layers of float32, and weights rounded once more: as the parity tests of other networks.
    private const double Tolerance = 1e-4;

    private readonly CpuEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(".0", ".1", "")]
    [InlineData(".weights", ".biases", "model.")]
    public void Compare_EitherNaming_FitsEveryParameter(string weight, string bias, string prefix) =>
        Assert.True(WeightLoader.Compare(Network(), new TensorFlowWeights(weight, bias, prefix)).IsComplete);

    [Fact]
    public void Run_ImagesInThisLibrarysNormalization_GivesCaffesLogits()
    {
        float[] expected = new GoldenFolder("WeightFiles.Tests/Golden").Json<Logits>("numpy/alexnet.json").Values;
        Graph graph = Network();
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        LoadReport report = WeightLoader.Load(parameters, graph, new TensorFlowWeights(".0", ".1", ""));
        Assert.True(report.IsComplete);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        FillPixels(input);
        ReadOnlySpan<float> found = session.Run(input);
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance * scale, $"logit {i}: expected {expected[i]}, found {found[i]}");
        }
    }

    [Fact]
    public void Load_OwnNames_AreNotConverted()
    {
        Graph graph = Network();
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        float[] filters = FormulaValues.Of(graph.Parameters[0]);
        var file = new MemoryWeights("own.npz");
        file.Add("conv1.weight", [96, 3, 11, 11], filters);
        WeightLoader.Load(parameters, graph, file, new LoadOptions { Strict = false });
        Assert.Equal(filters, parameters.Export("conv1.weight"));
    }

    private static Graph Network() =>
        NetworkRegistry.Default.Get("alexnet_paper").Build(new NetworkOptions { Classes = 10, InputHeight = 227, InputWidth = 227 });

    // Bytes from 0 to 255, normalized as for torchvision's weights.
    private static void FillPixels(Span<float> input)
    {
        double[] mean = [0.485, 0.456, 0.406];
        double[] deviation = [0.229, 0.224, 0.225];
        uint seed = FormulaValues.Seed("pixels");
        for (int i = 0; i < 227 * 227 * 3; i++)
        {
            double pixel = Math.Floor((FormulaValues.Uniform(seed, i) + 1) * 128);
            input[i] = (float)(((pixel / 255) - mean[i % 3]) / deviation[i % 3]);
        }
    }

    private sealed record Logits([property: System.Text.Json.Serialization.JsonPropertyName("logits")] float[] Values);

    /// <summary>bvlc_alexnet.npy with ten classes and the formula of <c>make_numpy.py</c>, made when it is read.</summary>
    private sealed class TensorFlowWeights : IWeightSource
    {
        private readonly string _weight;
        private readonly string _prefix;

        public TensorFlowWeights(string weight, string bias, string prefix)
        {
            _weight = weight;
            _prefix = prefix;
            (string Name, long[] Dimensions)[] layers =
            [
                ("conv1", [11, 11, 3, 96]), ("conv2", [5, 5, 48, 256]), ("conv3", [3, 3, 256, 384]), ("conv4", [3, 3, 192, 384]),
                ("conv5", [3, 3, 192, 256]), ("fc6", [9216, 4096]), ("fc7", [4096, 4096]), ("fc8", [4096, 10]),
            ];
            Entries = [.. layers.SelectMany(l => (WeightEntry[])[
                new(prefix + l.Name + weight, ElementType.F32, l.Dimensions),
                new(prefix + l.Name + bias, ElementType.F32, [l.Dimensions[^1]])])];
        }

        public string File => "bvlc_alexnet.npy";

        public IReadOnlyList<WeightEntry> Entries { get; }

        public void Read(string name, Span<float> values)
        {
            WeightEntry entry = Entries.Single(e => e.Name == name);
            bool isWeight = name.EndsWith(_weight, StringComparison.Ordinal);
            string layer = name[_prefix.Length..].Split('.')[0];
            double scale = isWeight ? Math.Sqrt(6.0 / (entry.Count / entry.Dimensions[^1])) : 0.1;
            uint seed = FormulaValues.Seed(layer + (isWeight ? ".0" : ".1"));
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(FormulaValues.Uniform(seed, i) * scale);
            }
        }
    }
}
