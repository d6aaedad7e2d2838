using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;

namespace MLClassify.Networks.Tests.Backbones;

/// <summary>Holds every network's outputs in evaluation mode to torchvision's, computed in float64.</summary>
public sealed class InferenceParityTests : IDisposable
{
    // float32 rounds each of some 60 layers by about 1e-7 of its largest value; three orders of magnitude are left for growth.
    private const double Tolerance = 1e-4;

    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("outputs.json");

    private readonly CpuEngine _engine = new();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Run_FormulaWeights_GivesTorchvisionsLogits(string network, HeadKind head)
    {
        OutputCase expected = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = expected.Height, InputWidth = expected.Width, Head = head });
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, expected.Batch);
        float[] input = new float[expected.Batch * session.InputShape.Count];
        FormulaValues.FillInput(input);
        AssertClose(expected.Values, session.Run(input));
    }

    [Fact]
    public void Cases_Golden_CoverEveryNetwork() =>
        Assert.Equal(NetworkRegistry.Default.Names, Cases.Select(c => c.Network).Distinct());

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
