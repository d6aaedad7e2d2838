using System.Text.Json;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Models.Tests.Explaining;

public sealed class GradCamTests : IDisposable
{
    // float32 rounds each of up to 120 layers by about 1e-7 of its largest value, against float64; three orders of magnitude are left.
    private const double Tolerance = 1e-4;

    // The evidence is a sum of terms of both signs, of which what is left may be a hundredth.
    private const double Cancellation = 100;

    private static readonly GradCamCase[] Cases = new GoldenFolder("Models.Tests/Golden").Json<GradCamCase[]>("gradcam.json");

    private readonly CpuEngine _engine = new();

    public static TheoryData<string> Networks => [.. Cases.Select(c => c.Network).Distinct()];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_FormulaWeights_GivesPyTorchsMaps(string network)
    {
        GradCamCase[] cases = [.. Cases.Where(c => c.Network == network)];
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = cases[0].Height, InputWidth = cases[0].Width });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        using var gradCam = new GradCam(_engine, graph, parameters);
        double largest = cases.Max(c => c.Peak);
        foreach (GradCamCase expected in cases)
        {
            float[] input = new float[graph.Input.Shape.Count];
            FormulaValues.FillInput(input);
            ReadOnlySpan<float> logits = gradCam.Run(input);
            Assert.Equal(expected.Logit, logits[expected.Label], Tolerance * Math.Max(1, Math.Abs(expected.Logit)));

            HeatMap map = gradCam.Explain(expected.Label);

            Assert.Equal((expected.MapHeight, expected.MapWidth), (map.Height, map.Width));
            Assert.Equal(expected.Peak, map.Peak, Tolerance * largest);
            Assert.Equal(expected.Peak == 0, map.IsEmpty);
            double tolerance = map.IsEmpty ? 0 : Tolerance * Math.Max(1, Math.Min(Cancellation, largest / expected.Peak));
            Assert.All(expected.Values.Zip(map.Values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    // A map of two channels and a mean: the weights are the matrix's over the number of positions, and all is done by hand.
    [Fact]
    public void Explain_TwoChannels_IsTheFormula()
    {
        var b = GraphBuilder.For("tested", new Shape(2, 2, 3));
        Node map = b.Convolution(b.Input, "map", 2, 1, bias: false);
        Node features = b.GlobalAveragePool(map, "pool");
        Graph graph = b.Build(b.Linear(features, "fc", 2), features);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Import("map.weight", [1, 0, 0, 0, 1, 0]);
        parameters.Import("fc.weight", [2, -1, -1, -1]);
        using var gradCam = new GradCam(_engine, graph, parameters);
        float[] image = [1, 0, 0, 3, 1, 0, 0, 5, 0, 2, 2, 0];
        float[] logits = gradCam.Run(image).ToArray();

        HeatMap heat = gradCam.Explain(0);

        // (2 a - b) / 4 of (1, 0), (3, 1), (0, 5), (2, 2).
        Assert.Equal("map", gradCam.Node.Name);
        Assert.Equal([2 / 5f, 1, 0, 2 / 5f], heat.Values);
        Assert.Equal(1.25, heat.Peak, 1e-6);
        Assert.Equal(((2 * 6) - 8) / 4f, logits[0], 1e-6f);
    }

    [Fact]
    public void Explain_OnlyEvidenceAgainst_IsEmpty()
    {
        var b = GraphBuilder.For("tested", new Shape(2, 2, 3));
        Node features = b.GlobalAveragePool(b.Relu(b.Convolution(b.Input, "map", 2, 1, bias: false), "relu"), "pool");
        Graph graph = b.Build(b.Linear(features, "fc", 2), features);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Import("map.weight", [1, 0, 0, 0, 1, 0]);
        parameters.Import("fc.weight", [-2, -1, 1, 1]);
        using var gradCam = new GradCam(_engine, graph, parameters);
        gradCam.Run(Enumerable.Repeat(1f, 12).ToArray());

        HeatMap heat = gradCam.Explain(0);

        Assert.True(heat.IsEmpty);
        Assert.Equal(0, heat.Peak);
        Assert.All(heat.Values, v => Assert.Equal(0, v));
        Assert.Equal(0, heat.At(0.5, 0.5));
    }

    [Fact]
    public void Explain_ValuesThatAreNotFinite_SaysWhere()
    {
        var b = GraphBuilder.For("tested", new Shape(2, 2, 3));
        Node features = b.GlobalAveragePool(b.Convolution(b.Input, "map", 2, 1, bias: false), "pool");
        Graph graph = b.Build(b.Linear(features, "fc", 2), features);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Import("map.weight", [float.NaN, 0, 0, 0, 1, 0]);
        parameters.Import("fc.weight", [1, 1, 1, 1]);
        using var gradCam = new GradCam(_engine, graph, parameters);
        gradCam.Run(Enumerable.Repeat(1f, 12).ToArray());

        Assert.Contains("'map' are not finite", Assert.Throws<InvalidDataException>(() => gradCam.Explain(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GradCam_EveryNetworkOfTheRegistry_HasAMap()
    {
        Assert.All(NetworkRegistry.Default.Names, name =>
        {
            NetworkDefinition definition = NetworkRegistry.Default.Get(name);
            int size = definition.DefaultInputSize;
            Node node = FeatureMap.LastOf(definition.Build(new NetworkOptions { Classes = 10, InputHeight = size, InputWidth = size }));

            // A sixteenth to a thirty-second of the image's side; an eighth or a fourth in networks for small images.
            Assert.InRange(node.Shape.Height, 2, 14);
            Assert.InRange(size / node.Shape.Height, 4, 33);
        });
    }

    private sealed record GradCamCase(
        string Network, int Height, int Width, int Label, double Logit, int MapHeight, int MapWidth, double Peak, float[] Values);
}
