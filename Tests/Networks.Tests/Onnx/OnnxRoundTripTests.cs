using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Operators;
using MLClassify.Graphs.Sessions;
using MLClassify.Networks.Onnx;
using MLClassify.Networks.Tests.Backbones;

namespace MLClassify.Networks.Tests.Onnx;

/// <summary>What this library writes as ONNX, it reads.</summary>
public sealed class OnnxRoundTripTests : IDisposable
{
    // The same kernels compute the same values; only pooling that is written otherwise may round otherwise.
    private const double Tolerance = 1e-5;

    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("outputs.json");

    private readonly Device _device = Device.Cpu(2);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose()
    {
        _device.Dispose();
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
        using var parameters = new ParameterSet(graph.Parameters, _device);
        string path = _folder["sized.onnx"];
        OnnxExporter.Export(path, graph, parameters);
        using OnnxNetwork again = OnnxNetwork.Open(path);
        int side = definition.DefaultInputSize;
        Graph larger = GraphDescription.From(again.Graph).Build(side, side);
        Assert.Equal(Shape.Vector(7), larger.Output.Shape);
        Assert.Equal(graph.Parameters.Select(p => p.Name), larger.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Open_ExportedSoftmaxAndNormalisation_ComeBackBesideTheGraph()
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
        using var parameters = new ParameterSet(graph.Parameters, _device);
        FormulaValues.Fill(parameters);
        string path = _folder["model.onnx"];
        OnnxExporter.Export(path, graph, parameters, options, input);
        OnnxNetwork again = OnnxNetwork.Open(path);
        Assert.Equal(graph.Input.Shape, again.Graph.Input.Shape);
        Assert.Equal(graph.Parameters.Select(p => (p.Name, string.Join(',', p.Dimensions))), again.Graph.Parameters.Select(p => (p.Name, string.Join(',', p.Dimensions))));
        using var read = new ParameterSet(again.Graph.Parameters, _device);
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

    private static float[] Run(Graph graph, ParameterSet parameters)
    {
        using var session = new InferenceSession(graph, parameters, 2);
        FormulaValues.FillInput(session.Input);
        return session.Run(2).ToArray();
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), v => Assert.True(Math.Abs(v.First - v.Second) <= Tolerance * scale, $"{v}"));
    }
}
