using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;
using MLClassify.Networks.Tests;
using MLClassify.Networks.Tests.Backbones;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>Holds exported networks to what ONNX Runtime computes of them.</summary>
public sealed class OnnxRuntimeParityTests : IClassFixture<OnnxRuntimeFixture>, IDisposable
{
    private static readonly OutputCase[] Cases = GoldenFiles.Read<OutputCase[]>("outputs.json");

    private static readonly OnnxInput Normalization = new() { Factors = [0.017, 0.0175, 0.0174], Offsets = [-2.1, -2.03, -1.8] };

    private readonly OnnxRuntimeFixture _runtime;
    private readonly CpuEngine _engine = new();
    private readonly TemporaryFolder _folder = new();

    public OnnxRuntimeParityTests(OnnxRuntimeFixture runtime) => _runtime = runtime;

    public static TheoryData<string, HeadKind> Networks { get; } = GoldenFiles.Theory(Cases.Select(c => (c.Network, c.Head)));

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [OnnxRuntimeTheory]
    [MemberData(nameof(Networks))]
    public void Export_FormulaWeights_GivesOurLogitsAndProbabilities(string network, HeadKind head)
    {
        OutputCase sizes = Cases.Single(c => c.Network == network && c.Head == head);
        Graph graph = NetworkRegistry.Default.Get(network).Build(
            new NetworkOptions { Classes = 10, InputHeight = sizes.Height, InputWidth = sizes.Width, Head = head });
        Check(Narrow(graph), new OnnxExportOptions());
    }

    [OnnxRuntimeTheory]
    [InlineData(OnnxLayout.Nchw, OnnxRange.Bytes, false)]
    [InlineData(OnnxLayout.Nchw, OnnxRange.Unit, false)]
    [InlineData(OnnxLayout.Nhwc, OnnxRange.Bytes, false)]
    [InlineData(OnnxLayout.Nhwc, OnnxRange.Unit, false)]
    [InlineData(OnnxLayout.Nchw, OnnxRange.Unit, true)]
    [InlineData(OnnxLayout.Nhwc, OnnxRange.Bytes, true)]
    public void Export_EveryKindOfInput_GivesOurProbabilities(OnnxLayout layout, OnnxRange range, bool isReversed) => Check(
        NetworkRegistry.Default.Get("cifar_resnet20").Build(new NetworkOptions { Classes = 7, InputHeight = 24, InputWidth = 20 }),
        new OnnxExportOptions { Layout = layout, Range = range },
        Normalization with { IsReversed = isReversed });

    [OnnxRuntimeFact]
    public void Export_EveryOpset_GivesOurLogits()
    {
        Graph graph = Everything();
        for (int opset = OnnxExportOptions.MinimumOpset; opset <= OnnxExportOptions.MaximumOpset; opset++)
        {
            Check(graph, new OnnxExportOptions { Opset = opset, Softmax = opset % 2 == 0 });
        }
    }

    [OnnxRuntimeTheory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(5, 4, 2)]
    public void Export_MaxPoolInCeilMode_CountsTheSameWindows(int kernel, int stride, int padding)
    {
        for (int side = 5; side <= 10; side++)
        {
            var builder = GraphBuilder.For("pool", new Shape(side, 15 - side, 3));
            Check(
                builder.Build(builder.MaxPool(builder.Input, "pool", kernel, stride, padding, ceilMode: true)),
                new OnnxExportOptions { Softmax = false });
        }
    }

    [OnnxRuntimeTheory]
    [InlineData(6, 6)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    [InlineData(4, 5)]
    [InlineData(1, 3)]
    [InlineData(9, 8)]
    public void Export_AdaptivePool_AveragesTheSameWindows(int height, int width)
    {
        var builder = GraphBuilder.For("pool", new Shape(6, 6, 3));
        Node pooled = builder.AdaptiveAveragePool(builder.Relu(builder.Input, "relu"), "pool", height, width);
        Check(builder.Build(pooled), new OnnxExportOptions { Softmax = false });
    }

    // What no backbone does, but a graph may: a flattened map read by more than a linear layer.
    [OnnxRuntimeFact]
    public void Export_FlattenedMapReadInEveryOrder_GivesOurLogits()
    {
        var builder = GraphBuilder.For("orders", new Shape(4, 3, 3));
        Node map = builder.Convolution(builder.Input, "conv", 5, kernel: 2);
        Node flat = builder.Append("flat", new FlattenOperator(), [map], []);
        Node again = builder.Append("again", new FlattenOperator(), [builder.Sigmoid(flat, "sigmoid")], []);
        Node normal = builder.BatchNorm(flat, "norm");
        Node own = builder.Linear(builder.Relu(flat, "relu"), "own", 30);
        Node strange = builder.Linear(builder.Sigmoid(again, "twice"), "strange", 30);
        Node sum = builder.Add(builder.Add(own, strange, "sum1"), builder.Add(flat, normal, "sum2"), "sum3");
        Node padded = builder.PadChannels(builder.Concat([sum, again], "concat"), "pad", 2, 1);
        Check(builder.Build(builder.Linear(builder.Scale(padded, padded, "square"), "head", 4)), new OnnxExportOptions());
        Check(builder.Build(builder.Dropout(flat, "drop")), new OnnxExportOptions { Softmax = false });
    }

    [OnnxRuntimeFact]
    public void Export_NothingButTheInput_GivesIt()
    {
        var builder = GraphBuilder.For("nothing", new Shape(1, 1, 4));
        Check(builder.Build(builder.Input), new OnnxExportOptions());
        builder = GraphBuilder.For("nothing", new Shape(2, 3, 4));
        Check(builder.Build(builder.Input), new OnnxExportOptions { Softmax = false });
    }

    /// <summary>A small network with every kind of layer.</summary>
    internal static Graph Everything()
    {
        var builder = GraphBuilder.For("everything", new Shape(13, 11, 3));
        Node x = builder.Relu(builder.BatchNorm(builder.Convolution(builder.Input, "conv1", 12, 3, 1, 1, bias: false), "bn1"), "relu1");
        x = builder.LocalResponseNorm(builder.Convolution(x, "conv2", 12, 5, 2, 2, groups: 3), "lrn", 5, 2, 1e-2f);
        Node factors = builder.Sigmoid(builder.Convolution(builder.GlobalAveragePool(x, "squeeze"), "excite", 12, 1), "gate");
        x = builder.Scale(x, factors, "scale");
        x = builder.Concat([x, builder.Relu(builder.Convolution(x, "depthwise", 12, 3, 1, 1, groups: 12), "relu6", 6)], "concat");
        x = builder.Add(builder.PadChannels(builder.AveragePool(x, "subsample", 1, 2), "pad", 3, 5), builder.Convolution(x, "conv3", 32, 1, 2), "sum");
        x = builder.MaxPool(builder.AveragePool(x, "average", 3, 1, 1), "pool", 2, 1, ceilMode: true);
        x = builder.AdaptiveAveragePool(x, "adaptive", 2, 2);
        x = builder.Relu(builder.Linear(builder.Dropout(x, "dropout"), "hidden", 9), "relu2");
        return builder.Build(builder.Linear(x, "head", 5), x);
    }

    // The same network with at most 512 features in its hidden linear layers: AlexNet's and VGG's have half a gigabyte of weights, whose
    // way to the disk and back would take longer than all the rest.
    private static Graph Narrow(Graph graph)
    {
        var builder = GraphBuilder.For(graph.Name, graph.Input.Shape);
        var copies = new Dictionary<Node, Node> { [graph.Input] = builder.Input };
        foreach (Node node in graph.Nodes.Skip(1))
        {
            Node[] inputs = [.. node.Inputs.Select(n => copies[n])];
            if (node.Operator is not LinearOperator linear)
            {
                copies[node] = builder.Append(node.Name, node.Operator, inputs, node.Parameters);
                continue;
            }

            int outputs = Math.Min(linear.Outputs, 512);
            Parameter matrix = node.Parameters[0] with { Dimensions = [outputs, inputs[0].Shape.Channels] };
            Parameter bias = node.Parameters[1] with { Dimensions = [outputs] };
            copies[node] = builder.Append(node.Name, new LinearOperator(outputs), inputs, [matrix, bias]);
        }

        return builder.Build(copies[graph.Output], copies[graph.Features]);
    }

    private void Check(Graph graph, OnnxExportOptions options, OnnxInput? input = null)
    {
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        FormulaValues.Fill(parameters);
        _runtime.Check(_engine, graph, parameters, _folder["model.onnx"], options, input);
    }
}
