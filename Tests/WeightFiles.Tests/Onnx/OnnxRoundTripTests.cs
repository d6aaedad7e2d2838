using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;
using MLClassify.Networks.Tests;
using MLClassify.Networks.Tests.Backbones;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>What this library writes as ONNX, it reads.</summary>
public sealed class OnnxRoundTripTests : IDisposable
{
    // The same kernels compute the same values; only pooling that is written otherwise may round otherwise.
    private const double Tolerance = 1e-5;

    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("outputs.json");

    private readonly CpuEngine _engine = new(2);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Open_ExportedNetwork_IsTheSame(string network, HeadKind head)
    {
        OutputCase sizes = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = Narrow(NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 7, InputHeight = sizes.Height, InputWidth = sizes.Width, Head = head }));
        Check(graph, new OnnxExportOptions { Layout = network.Length % 2 == 0 ? OnnxLayout.Nchw : OnnxLayout.Nhwc, Softmax = network.Length % 3 > 0 });
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Open_ExportedNetwork_TakesItsDefaultInputSize(string network, HeadKind head)
    {
        OutputCase sizes = Cases.Single(c => c.Network == network && c.Head == head);
        NetworkDefinition definition = NetworkRegistry.Default.Get(network);
        NetworkOptions options = new() { Classes = 7, InputHeight = sizes.Height, InputWidth = sizes.Width, Head = head };
        Graph graph = Narrow(definition.Build(options));
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        string path = _folder["sized.onnx"];
        OnnxExporter.Export(path, graph, parameters);
        using OnnxNetwork again = OnnxNetwork.Open(path);
        int side = definition.DefaultInputSize;
        Graph larger = GraphDescription.From(again.Graph).Build(side, side);
        Assert.Equal(Shape.Vector(7), larger.Output.Shape);
        Assert.Equal(graph.Parameters.Select(p => p.Name), larger.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Open_ExportedSoftmaxAndNormalization_ComeBackBesideTheGraph()
    {
        Graph graph = NetworkRegistry.Default.Get("cifar_resnet20").Build(new NetworkOptions { Classes = 4, InputHeight = 24, InputWidth = 20 });
        var input = new OnnxInput { Factors = [0.017, 0.0175, 0.0174], Offsets = [-2.1, -2.03, -1.8], IsReversed = true };
        foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
        {
            using OnnxNetwork again = Check(graph, new OnnxExportOptions { Layout = layout }, input);
            Assert.Equal(input.Factors.Select(f => (float)f), again.Input.Factors.Select(f => (float)f));
            Assert.Equal(input.Offsets.Select(o => (float)o), again.Input.Offsets.Select(o => (float)o));
            Assert.True(again.Input.IsReversed);
        }
    }

    [Fact]
    public void Open_ExportedGraphOfEveryLayer_IsTheSame() => Check(OnnxRuntimeParityTests.Everything(), new OnnxExportOptions()).Dispose();

    [Fact]
    public void Open_ExportedImport_IsTheSame()
    {
        foreach (OnnxCase @case in OnnxGolden.Cases())
        {
            using OnnxNetwork network = OnnxGolden.Open(@case.File);
            Check(network.Graph, new OnnxExportOptions()).Dispose();
        }
    }

    // AlexNet's and VGG's hidden layers hold a hundred million values, in which nothing but time could go wrong.
    private static Graph Narrow(Graph graph)
    {
        GraphDescription description = GraphDescription.From(graph);
        return (description with
        {
            Nodes =
            [
                .. description.Nodes.Select(n => n is { Operator: "linear", Attributes: { } a } && a["outputs"] > 1000
                    ? n with { Attributes = new() { ["outputs"] = 24 } }
                    : n),
            ],
        }).Build();
    }

    private OnnxNetwork Check(Graph graph, OnnxExportOptions options, OnnxInput? input = null)
    {
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        string path = _folder["model.onnx"];
        OnnxExporter.Export(path, graph, parameters, options, input);
        OnnxNetwork again = OnnxNetwork.Open(path);
        Assert.Equal(graph.Input.Shape, again.Graph.Input.Shape);
        Assert.Equal(graph.Parameters.Select(p => (p.Name, string.Join(',', p.Dimensions))), again.Graph.Parameters.Select(p => (p.Name, string.Join(',', p.Dimensions))));
        using ParameterStore read = _engine.CreateParameters(again.Graph.Parameters);
        again.Load(read);
        Assert.All(graph.Parameters, p => Assert.Equal(parameters.Export(p.Name), read.Export(p.Name)));
        AssertClose(Run(graph, parameters), Run(again.Graph, read));

        // Beside dropout, which ONNX leaves out, and reshaping, the layers are the same.
        static IEnumerable<string> Layers(Graph g) => g.Nodes
            .Where(n => n.Operator is not (DropoutOperator or FlattenOperator or AdaptiveAveragePoolOperator or AveragePoolOperator))
            .Select(n => $"{n.Name} {n.Operator.Name}");
        Assert.Equal(Layers(graph), Layers(again.Graph));
        return again;
    }

    private float[] Run(Graph graph, ParameterStore parameters)
    {
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 2);
        float[] input = new float[2 * session.InputShape.Count];
        FormulaValues.FillInput(input);
        return session.Run(input).ToArray();
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), v => Assert.True(Math.Abs(v.First - v.Second) <= Tolerance * scale, $"{v}"));
    }
}
