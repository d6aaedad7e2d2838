using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.Networks.Tests;
using MLClassify.Networks.Tests.Backbones;

namespace MLClassify.WeightFiles.Tests.Loading;

/// <summary>Holds the outputs of networks with published weights to torchvision's.</summary>
public sealed class PublishedParityTests : IDisposable
{
    // float32 rounds each of some 60 layers by about 1e-7 of its largest value; three orders of magnitude are left for growth.
    private const double Tolerance = 1e-4;

    private readonly CpuEngine _engine = new();

    public void Dispose() => _engine.Dispose();

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
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        using SafetensorsReader reader = SafetensorsReader.Open(SharedData.Path("weights", file));
        Assert.True(WeightLoader.Load(parameters, graph, reader).IsComplete);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        FormulaValues.FillBlocks(input, 224, 224);
        return session.Run(input).ToArray();
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
