using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>What an exported file says, by our own reader.</summary>
public sealed class OnnxExporterTests : IDisposable
{
    private static readonly OnnxInput Normalization = new() { Factors = [0.5, 0.25, 2], Offsets = [-1, -2, -3] };

    private readonly CpuEngine _engine = new(1);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Small { get; } = ["resnet18", "squeezenet1_1", "mobilenet_v2", "cifar_resnet20", "densenet121"];

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Export_AnyNetwork_HoldsEveryParameterUnderItsName(string network)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(network);
        int size = Math.Max(definition.MinimumInputSize, 32);
        Graph graph = definition.Build(new NetworkOptions { Classes = 3, InputHeight = size, InputWidth = size });
        using ParameterStore parameters = Parameters(graph);
        using OnnxFile file = Export(graph, parameters);
        Dictionary<string, TensorProto> tensors = file.Model.Graph.Initializer.ToDictionary(i => i.Name);
        foreach (Parameter parameter in graph.Parameters)
        {
            TensorProto tensor = tensors[parameter.Name];
            Assert.Equal(parameter.Dimensions.Select(d => (long)d), tensor.Dims);
            float[] values = new float[parameter.Count];
            tensor.ReadSingles(values);
            Assert.Equal(FormulaValues.Of(parameter), values);
        }
    }

    [Fact]
    public void Export_Everything_IsWellFormed()
    {
        Graph graph = OnnxRuntimeParityTests.Everything();
        using ParameterStore parameters = Parameters(graph);
        using OnnxFile file = Export(graph, parameters, new OnnxExportOptions { Layout = OnnxLayout.Nhwc, Opset = 19 }, Normalization with { IsReversed = true });
        GraphProto found = file.Model.Graph;
        Assert.Equal(19, file.Model.Opset);
        Assert.Equal("MLClassify", file.Model.ProducerName);
        Assert.Matches(@"^\d+\.\d+\.\d+$", file.Model.ProducerVersion);
        Assert.Equal(8, file.Model.IrVersion);
        Assert.Contains("[batch, height, width, 3], 0 to 255", file.Model.DocString);
        AssertDimensions(found.Input, "input", "batch", "13", "11", "3");
        AssertDimensions(found.Output, "probabilities", "batch", "5");

        // Each value is made once, before it is read; nothing is left over.
        var known = new HashSet<string>(found.Initializer.Select(i => i.Name)) { "input" };
        var read = new HashSet<string>();
        foreach (NodeProto node in found.Node)
        {
            Assert.All(node.Input, name => Assert.Contains(name, known));
            Assert.All(node.Output, name => Assert.True(known.Add(name), $"{name} is made twice"));
            read.UnionWith(node.Input);
        }

        Assert.Equal(known.Order(), read.Append("probabilities").Order());
        Assert.Equal(found.Node.Count, found.Node.Select(n => n.Name).Distinct().Count());
        Assert.DoesNotContain(found.Node, n => n.OpType == "Dropout");
    }

    [Fact]
    public void Export_EveryOperator_CanBeWritten()
    {
        IEnumerable<Type> operators = typeof(Operator).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operator)) && !t.IsAbstract);
        Assert.All(operators, type => Assert.Equal(type, type.GetMethod(nameof(Operator.Export))!.DeclaringType));
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes()
    {
        Graph graph = OnnxRuntimeParityTests.Everything();
        using ParameterStore parameters = Parameters(graph);
        var metadata = new Dictionary<string, string> { ["b"] = "2", ["a"] = "ä" };
        byte[][] files = [.. Enumerable.Range(0, 2).Select(i =>
        {
            string path = _folder[$"{i}.onnx"];
            OnnxExporter.Export(path, graph, parameters, metadata: metadata);
            return File.ReadAllBytes(path);
        })];
        Assert.Equal(files[0], files[1]);
        using OnnxFile file = OnnxFile.Open(_folder["0.onnx"]);
        Assert.Equal([("a", "ä"), ("b", "2")], file.Model.MetadataProps.Select(m => (m.Key, m.Value)));
    }

    [Fact]
    public void Export_Normalization_IsTheFirstNodes()
    {
        Graph graph = OnnxRuntimeParityTests.Everything();
        using ParameterStore parameters = Parameters(graph);
        using OnnxFile file = Export(graph, parameters, new OnnxExportOptions { Range = OnnxRange.Unit, Softmax = false }, Normalization);
        Assert.Equal(["Mul", "Add", "Conv", "BatchNormalization", "Relu"], file.Model.Graph.Node.Take(5).Select(n => n.OpType));
        Assert.Equal(["input", "preprocessing.factors"], file.Model.Graph.Node[0].Input);
        float[] factors = new float[3];
        file.Model.Graph.Initializer[0].ReadSingles(factors);
        Assert.Equal([127.5f, 63.75f, 510f], factors);
        AssertDimensions(file.Model.Graph.Output, "logits", "batch", "5");
        Assert.Equal("head", file.Model.Graph.Node[^1].Name);
    }

    [Fact]
    public void Export_LayersNamedAsValues_GetOtherNames()
    {
        var builder = GraphBuilder.For("names", new Shape(4, 4, 3));
        Node x = builder.Relu(builder.Relu(builder.Input, "input"), "input");
        x = builder.Convolution(builder.Sigmoid(x, "conv.weight"), "conv", 2, 1);
        Graph graph = builder.Build(builder.Linear(x, "probabilities", 2));
        using ParameterStore parameters = Parameters(graph);
        using OnnxFile file = Export(graph, parameters);
        Assert.Equal(
            ["input#2", "input#3", "conv.weight#2", "conv", "probabilities.flatten", "probabilities#2", "probabilities"],
            file.Model.Graph.Node.Select(n => n.Output[0]));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void Export_OpsetOutOfRange_NamesTheRange(int opset)
    {
        Graph graph = OnnxRuntimeParityTests.Everything();
        using ParameterStore parameters = Parameters(graph);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Export(graph, parameters, new OnnxExportOptions { Opset = opset }));
        Assert.Contains($"17 to 23, got {opset}", error.Message);
    }

    [Fact]
    public void Export_WhatDoesNotFit_IsTheCallersError()
    {
        Graph graph = OnnxRuntimeParityTests.Everything();
        using ParameterStore parameters = Parameters(graph);
        OnnxInput gray = Normalization with { Factors = [1] };
        Assert.Contains("3 channels", Assert.Throws<ArgumentException>(() => Export(graph, parameters, input: gray)).Message);
        Assert.Throws<ArgumentException>(() => Export(graph, parameters, new OnnxExportOptions { Layout = (OnnxLayout)7 }));
        Graph map = graph.UpTo(graph.Nodes.Single(n => n.Name == "conv1"));
        Assert.Contains("needs a vector", Assert.Throws<ArgumentException>(() => Export(map, parameters)).Message);
    }

    private static void AssertDimensions(IReadOnlyList<ValueInfoProto> values, string name, params string[] expected)
    {
        ValueInfoProto value = Assert.Single(values);
        Assert.Equal(name, value.Name);
        Assert.Equal(TensorProto.Types.DataType.Float, value.Type.TensorType.ElemType);
        Assert.Equal(expected, value.Type.TensorType.Shape.Dim.Select(d => d.HasDimParam ? d.DimParam.ToStringUtf8() : $"{d.DimValue}"));
    }

    private ParameterStore Parameters(Graph graph)
    {
        ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        return parameters;
    }

    private OnnxFile Export(Graph graph, ParameterStore parameters, OnnxExportOptions? options = null, OnnxInput? input = null)
    {
        string path = _folder["model.onnx"];
        OnnxExporter.Export(path, graph, parameters, options, input);
        return OnnxFile.Open(path);
    }
}
