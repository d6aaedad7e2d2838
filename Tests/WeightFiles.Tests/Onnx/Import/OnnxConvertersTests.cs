using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Import;

/// <summary>Ways to write an operator that PyTorch's files in <c>Golden/onnx</c> do not have.</summary>
public sealed class OnnxConvertersTests : IDisposable
{
    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Gemm_FactorsAndOrders_ArePartOfTheValues()
    {
        OnnxModels model = Pooled().Tensor("w", [3, 2], 1, 2, 3, 4, 5, 6).Tensor("b", [1, 2], 10, 20)
            .Node("Gemm", "features w b", "logits", AttributeProto.Of("alpha", 2f), AttributeProto.Of("beta", 0.5f));
        using OnnxNetwork network = model.Open();
        using ParameterStore parameters = Load(network);
        Assert.Equal([2f, 6, 10, 4, 8, 12], parameters.Export("w"));
        Assert.Equal([5f, 10], parameters.Export("b"));
    }

    [Fact]
    public void MatMul_WithoutASum_HasABiasOfZeros()
    {
        using OnnxNetwork network = Pooled().Tensor("w", [3, 2]).Node("MatMul", "features w", "logits").Open();
        using ParameterStore parameters = Load(network);
        Assert.Equal([0f, 0], parameters.Export(network.Graph.Parameters[1].Name));
    }

    [Fact]
    public void Constants_OfEveryKind_AreRead()
    {
        OnnxModels model = new OnnxModels()
            .Node("Constant", "", "two", AttributeProto.Of("value_float", 2f))
            .Node("Constant", "", "shape", AttributeProto.Of("value_ints", [0L, -1]))
            .Node("Mul", "two input", "scaled")
            .Node("GlobalAveragePool", "scaled", "pooled")
            .Node("Reshape", "pooled shape", "features")
            .Tensor("w", [2, 3]).Tensor("b", [])
            .Node("Gemm", "features w b", "logits", AttributeProto.Of("transB", 1L));
        using OnnxNetwork network = model.Open();
        Assert.Equal([2.0, 2, 2], network.Input.Factors);
        Assert.Equal(3, network.Graph.Nodes.Count);
    }

    [Theory]
    [InlineData("SAME_UPPER", 1, 0, 0, 1, 1)]
    [InlineData("SAME_LOWER", 1, 1, 1, 0, 0)]
    [InlineData("VALID", 0, 0, 0, 0, 0)]
    public void Conv_AutomaticBorder_IsExplicit(string kind, int any, int top, int left, int bottom, int right)
    {
        OnnxModels model = new OnnxModels().Tensor("w", [4, 3, 3, 3])
            .Node("Conv", "input w", "a", AttributeProto.Of("auto_pad", kind), AttributeProto.Of("strides", [2L, 2L])).Head("a", 4);
        using OnnxNetwork network = model.Open();
        var convolution = Assert.IsType<ConvolutionOperator>(network.Graph.Nodes[1].Operator);
        Assert.Equal((top, left, bottom, right), (convolution.PaddingTop, convolution.PaddingLeft, convolution.PaddingBottom, convolution.PaddingRight));
        Assert.Equal(3 + any, network.Graph.Nodes[1].Shape.Height);
    }

    [Fact]
    public void Conv_SumAfterIt_IsItsBias()
    {
        OnnxModels model = new OnnxModels().Tensor("w", [4, 3, 1, 1]).Tensor("shift", [4, 1, 1])
            .Node("Conv", "input w", "a").Node("Add", "shift a", "c").Head("c", 4);
        using OnnxNetwork network = model.Open();
        Assert.Equal(["w", "shift", "fc.weight", "fc.bias"], network.Graph.Parameters.Select(p => p.Name));
        Assert.Equal(4, network.Graph.Nodes.Count);
    }

    [Fact]
    public void Conv_NoColorsFirst_IsWhatTransposedIs()
    {
        OnnxModels first = new OnnxModels { Input = OnnxModels.Dimensions(-1, 3, 8, 6) };
        OnnxModels last = new OnnxModels { Input = OnnxModels.Dimensions(-1, 8, 6, 3) }.Node("Transpose", "input", "nchw", AttributeProto.Of("perm", [0L, 3, 1, 2]));
        float[] expected = Run(first.Tensor("w", [4, 3, 3, 3]).Node("Conv", "input w", "a").Head("a", 4));
        Assert.Equal(expected, Run(last.Tensor("w", [4, 3, 3, 3]).Node("Conv", "nchw w", "a").Head("a", 4)));

        // TensorFlow's way: back to channels last, the mean over rows and columns, a matrix.
        OnnxModels back = new OnnxModels { Input = OnnxModels.Dimensions(-1, 8, 6, 3) }
            .Node("Transpose", "input", "nchw", AttributeProto.Of("perm", [0L, 3, 1, 2]))
            .Tensor("w", [4, 3, 3, 3]).Node("Conv", "nchw w", "a")
            .Node("Transpose", "a", "nhwc", AttributeProto.Of("perm", [0L, 2, 3, 1]))
            .Node("ReduceMean", "nhwc", "features", AttributeProto.Of("axes", [1L, 2]), AttributeProto.Of("keepdims", 0L))
            .Tensor("fc.weight", [2, 4]).Tensor("fc.bias", [2])
            .Node("Gemm", "features fc.weight fc.bias", "logits", AttributeProto.Of("transB", 1L));
        Assert.Equal(expected, Run(back));
    }

    [Fact]
    public void Flatten_MapInEitherOrder_ReadsTheSameMatrix()
    {
        // Columns of the matrix count channels, rows, columns in one file and rows, columns, channels in the other.
        float[] first = [.. Enumerable.Range(0, 2 * 48).Select(i => (float)Math.Sin(i))];
        float[] last = new float[96];
        for (int i = 0; i < 96; i++)
        {
            (int output, int channel, int position) = (i / 48, i % 48 / 16, i % 16);
            last[(output * 48) + (position * 3) + channel] = first[i];
        }

        OnnxModels Model(float[] matrix, string order) => new OnnxModels { Input = OnnxModels.Dimensions(-1, 3, 4, 4) }
            .Node("Relu", "input", "map")
            .Node(order == "last" ? "Transpose" : "Identity", "map", "ordered", order == "last" ? [AttributeProto.Of("perm", [0L, 2, 3, 1])] : [])
            .Node("Flatten", "ordered", "features").Tensor("w", [2, 48], matrix).Tensor("b", [2])
            .Node("Gemm", "features w b", "logits", AttributeProto.Of("transB", 1L));
        float[] expected = Run(Model(first, "first"));
        Assert.All(expected.Zip(Run(Model(last, "last"))), v => Assert.Equal(v.First, v.Second, 1e-5));
    }

    [Theory]
    [InlineData("LogSoftmax")]
    [InlineData("Softmax")]
    public void Softmax_AtTheEnd_IsLeftOut(string operation)
    {
        float[] expected = Run(new OnnxModels().Head("input", 3));
        OnnxModels model = new OnnxModels().Head("input", 3).Node(operation, "logits", "end", AttributeProto.Of("axis", -1L));
        using OnnxNetwork network = model.Open("end");
        Assert.Equal(expected, Run(network));
    }

    [Fact]
    public void Softmax_BeforeALayer_IsUnsupported()
    {
        OnnxModels model = new OnnxModels().Node("GlobalAveragePool", "input", "p").Node("Flatten", "p", "f").Node("Softmax", "f", "s").Node("Relu", "s", "logits");
        Assert.Contains("Relu after a softmax", Assert.Throws<UnsupportedOnnxException>(() => model.Open()).Message);
    }

    [Fact]
    public void MaxPool_UnevenBorder_CountsTheSameWindows()
    {
        OnnxModels model = new OnnxModels()
            .Node("MaxPool", "input", "a", AttributeProto.Of("kernel_shape", [3L, 3]), AttributeProto.Of("strides", [2L, 2]), AttributeProto.Of("pads", [0L, 0, 1, 1]))
            .Head("a", 3);
        using OnnxNetwork network = model.Open();
        Assert.Equal(new PoolWindow(3, 2, 0, true), Assert.IsType<MaxPoolOperator>(network.Graph.Nodes[1].Operator).Window);
        Assert.Equal(4, network.Graph.Nodes[1].Shape.Height);
    }

    [Theory]
    [InlineData("AveragePool", "count_include_pad", 0, "whose border is not counted")]
    [InlineData("MaxPool", "dilations", 2, "with dilation")]
    public void Pooling_WhatIsNotThere_IsNamed(string operation, string name, long value, string message)
    {
        AttributeProto attribute = name == "dilations" ? AttributeProto.Of(name, [value, value]) : AttributeProto.Of(name, value);
        OnnxModels model = new OnnxModels()
            .Node(operation, "input", "a", AttributeProto.Of("kernel_shape", [3L, 3]), AttributeProto.Of("pads", [1L, 1, 1, 1]), attribute).Head("a", 3);
        Assert.Contains(message, Assert.Throws<UnsupportedOnnxException>(() => model.Open()).Message);
    }

    [Fact]
    public void Input_ReadNormalizedAndNot_IsUnsupported()
    {
        OnnxModels model = new OnnxModels().Tensor("half", [], 0.5f).Node("Mul", "input half", "n")
            .Node("Relu", "input", "a").Node("Relu", "n", "b").Node("Add", "a b", "c").Head("c", 3);
        Assert.Contains("otherwise normalized", Assert.Throws<UnsupportedOnnxException>(() => model.Open()).Message);
    }

    [Fact]
    public void Input_OpenSize_IsTheCallers()
    {
        using OnnxNetwork network = new OnnxModels { Input = OnnxModels.Dimensions(-1, 3, -1, -1) }.Head("input", 3).Open();
        Assert.Equal(new Shape(16, 16, 3), network.Graph.Input.Shape);
    }

    private static OnnxModels Pooled() => new OnnxModels().Node("GlobalAveragePool", "input", "pooled").Node("Flatten", "pooled", "features");

    private float[] Run(OnnxModels model)
    {
        using OnnxNetwork network = model.Open();
        return Run(network);
    }

    private float[] Run(OnnxNetwork network)
    {
        using ParameterStore parameters = Load(network);
        using IInferenceSession session = _engine.CreateInference(network.Graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        FormulaValues.FillInput(input);
        return session.Run(input).ToArray();
    }

    private ParameterStore Load(OnnxNetwork network)
    {
        ParameterStore parameters = _engine.CreateParameters(network.Graph.Parameters);
        network.Load(parameters);
        return parameters;
    }
}
