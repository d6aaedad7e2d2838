using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Networks.Weights;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Holds every network's outputs in evaluation mode to torchvision's, computed in float64.</summary>
public sealed class InferenceParityTests : IDisposable
{
    // float32 rounds each of some 60 layers by about 1e-7 of its largest value; three orders of magnitude are left for growth.
    private const double Tolerance = 1e-4;

    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("outputs.json");

    private readonly Device _device = Device.Cpu();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose() => _device.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Run_FormulaWeights_GivesTorchvisionsLogits(string network, HeadKind head)
    {
        OutputCase expected = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = expected.Height, InputWidth = expected.Width, Head = head });
        using var parameters = new ParameterSet(graph.Parameters, _device);
        FormulaValues.Fill(parameters);
        using var session = new InferenceSession(graph, parameters, expected.Batch);
        FormulaValues.FillInput(session.Input);
        AssertClose(expected.Values, session.Run(expected.Batch));
    }

    [Fact]
    public void Cases_Golden_CoverEveryNetwork() =>
        Assert.Equal(NetworkRegistry.Default.Names, Cases.Select(c => c.Network).Distinct());

    [DataFact]
    public void Run_ReferenceSqueezeNet_GivesTorchvisionsLogits()
    {
        float[] expected = GoldenFiles.Read<PretrainedCase>("pretrained.json").SqueezeNetLogits;
        Graph graph = NetworkRegistry.Default.Get("squeezenet1_1").Build(new NetworkOptions());
        AssertClose(expected, RunPretrained(graph, "squeezenet1_1.safetensors").AsSpan(0, expected.Length));
    }

    [DataFact]
    public void Run_ReferenceMobileNet_GivesTorchvisionsFeatures()
    {
        float[] expected = GoldenFiles.Read<PretrainedCase>("pretrained.json").MobileNetFeatures;
        Graph graph = NetworkRegistry.Default.Get("mobilenet_v2").Build(new NetworkOptions());
        Graph features = graph.UpTo(graph.Features);
        AssertClose(expected, RunPretrained(features, "mobilenet_v2.features.safetensors").AsSpan(0, expected.Length));
    }

    private float[] RunPretrained(Graph graph, string file)
    {
        using var parameters = new ParameterSet(graph.Parameters, _device);
        using SafetensorsReader reader = SafetensorsReader.Open(SharedData.Path("weights", file));
        Assert.True(WeightLoader.Load(parameters, graph, reader).IsComplete);
        using var session = new InferenceSession(graph, parameters, 1);
        FormulaValues.FillBlocks(session.Input, 224, 224);
        return session.Run(1).ToArray();
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= Tolerance * scale,
                $"value {i}: expected {expected[i]}, found {found[i]}, largest {scale}");
        }
    }
}
