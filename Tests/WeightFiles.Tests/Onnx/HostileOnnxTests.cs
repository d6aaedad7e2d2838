using System.Diagnostics;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;
using MLClassify.WeightFiles.Tests.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>Files that nobody made in good faith: refused with one of two exceptions, in bounded time and memory.</summary>
public sealed class HostileOnnxTests : IDisposable
{
    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("excite_convolution_14", 0)]
    [InlineData("excite_convolution_14", 1)]
    [InlineData("excite_15", 2)]
    public void Open_EveryByteChanged_IsReadOrRefused(string file, int kind)
    {
        byte[] good = File.ReadAllBytes(OnnxGolden.PathOf(file));
        Assert.True(IsRead(good));
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] = kind switch
            {
                0 => (byte)(good[i] ^ (1 << (i % 8))),
                1 => 0xFF,
                _ => (byte)(good[i] + 1),
            };
            IsRead(bad);
        }
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        byte[] good = File.ReadAllBytes(OnnxGolden.PathOf("excite_convolution_14"));
        for (int i = 0; i < good.Length; i += 7)
        {
            Assert.False(IsRead(good[..i]), $"{i} bytes");
        }
    }

    [Fact]
    public void Open_UnsupportedOperators_AreAllListedInOneError()
    {
        OnnxModels model = new OnnxModels()
            .Node("HardSwish", "input", "a").Node("Gelu", "a", "b").Node("HardSwish", "b", "c")
            .Tensor("w", [4, 3, 3, 3])
            .Node("Conv", "c w", "d", AttributeProto.Of("dilations", [2L, 2L]))
            .Node("Clip", "input", "e", AttributeProto.Of("min", -1f), AttributeProto.Of("max", 1f))
            .Node("LSTM", "e", "logits");
        var error = Assert.Throws<UnsupportedOnnxException>(() => model.Open());
        Assert.Equal(5, error.Features.Count);
        Assert.Contains("HardSwish (2 nodes, first 'a')", error.Message);
        Assert.Contains("Gelu (node 'b')", error.Message);
        Assert.Contains("Conv with dilation 2 x 2 (node 'd')", error.Message);
        Assert.Contains("Clip to -1 ... 1, expected from 0 (node 'e')", error.Message);
        Assert.Contains("LSTM (node 'logits')", error.Message);
    }

    [Theory]
    [InlineData("Relu", "missing", "which nothing before it makes")]
    [InlineData("Relu", "logits", "which nothing before it makes")]
    [InlineData("Relu", "later", "which nothing before it makes")]
    [InlineData("Relu", "-", "input 0 is missing")]
    [InlineData("Relu", "", "input 0 is missing")]
    [InlineData("Conv", "input", "input 1 is missing")]
    public void Open_InputThatIsNotThere_SaysWhich(string operation, string inputs, string message)
    {
        OnnxModels model = new OnnxModels().Node(operation, inputs, "logits").Node("Relu", "logits", "later");
        Assert.Contains(message, Assert.Throws<InvalidWeightsException>(() => model.Open()).Message);
    }

    [Fact]
    public void Open_NamesGivenTwice_AreRefused()
    {
        Assert.Contains("made twice", Refused(new OnnxModels().Node("Relu", "input", "a").Node("Relu", "input", "a").Head("a", 3)));
        Assert.Contains("made twice", Refused(new OnnxModels().Tensor("a", [1]).Node("Relu", "input", "a").Head("a", 3)));
        Assert.Contains("given twice", Refused(new OnnxModels().Tensor("a", [1]).Tensor("a", [1]).Head("input", 3)));
        Assert.Contains("made by no node", Assert.Throws<InvalidWeightsException>(() => new OnnxModels().Head("input", 3).Open("elsewhere")).Message);
    }

    [Theory]
    [InlineData(1L << 40, 8)]
    [InlineData(8, 1L << 40)]
    [InlineData(8, 4097)]
    [InlineData(8, -5)]
    public void Open_ImpossibleInput_IsRefused(long height, long width)
    {
        OnnxModels model = new OnnxModels { Input = [new(), new() { DimValue = 3 }, new() { DimValue = height }, new() { DimValue = width }] }.Head("input", 3);
        Assert.Contains("out of range", Refused(model));
    }

    [Theory]
    [InlineData("pads", 1L << 40)]
    [InlineData("pads", int.MaxValue)]
    [InlineData("pads", 1 << 20)]
    [InlineData("pads", -1)]
    [InlineData("strides", 0)]
    [InlineData("strides", 1L << 40)]
    [InlineData("kernel_shape", 1L << 40)]
    [InlineData("dilations", 0)]
    public void Open_ImpossibleWindow_IsRefused(string name, long value)
    {
        long[] values = [.. Enumerable.Repeat(value, name == "pads" ? 4 : 2)];
        OnnxModels convolution = new OnnxModels().Tensor("w", [4, 3, 3, 3]).Node("Conv", "input w", "a", AttributeProto.Of(name, values)).Head("a", 4);
        OnnxModels pooling = new OnnxModels()
            .Node("MaxPool", "input", "a", AttributeProto.Of(name, values), AttributeProto.Of(name == "kernel_shape" ? "strides" : "kernel_shape", [2L, 2L]))
            .Head("a", 3);
        Assert.False(IsRead(convolution.Bytes()));
        Assert.False(IsRead(pooling.Bytes()));
    }

    [Fact]
    public void Open_TensorOf2To40Values_TakesNoMemory()
    {
        byte[] bytes = new OnnxModels().Tensor("w", [4, 3, 3, 3]).Node("Conv", "input w", "a").Head("a", 4).Bytes();

        // The dimensions 4, 3, 3, 3 of the tensor become 2^40, ...: written by hand, since the writer would not.
        var tensor = new FieldWriter();
        foreach (long side in (long[])[1L << 40, 3, 3, 3])
        {
            tensor.Int64(1, side);
        }

        tensor.Int64(2, 1);
        tensor.String(8, "huge");
        tensor.String((int)TensorField.RawData, "0123");
        var graph = new FieldWriter();
        graph.Message(5, tensor);
        var model = new FieldWriter();
        model.Int64(1, 8);
        model.Message(7, graph);
        byte[] huge = model.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidWeightsException>(() => OnnxModels.Open(huge));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 22);
        Assert.True(IsRead(bytes));
    }

    [Fact]
    public void Open_100000Nodes_IsRefusedInLinearMemory()
    {
        var model = new OnnxModels();
        string last = "input";
        for (int i = 0; i < 100_000; i++)
        {
            string next = FormattableString.Invariant($"n{i}");
            model.Node("Relu", last, next);
            last = next;
        }

        byte[] file = model.Head(last, 3).Bytes();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too many nodes", Assert.Throws<InvalidWeightsException>(() => OnnxModels.Open(file)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 * 2048L);
    }

    [Fact]
    public void Open_OneTensorInManyLayers_IsRefused()
    {
        OnnxModels model = new OnnxModels().Tensor("w", [3 * 4096, 1, 16, 16]);
        string last = "input";
        for (int i = 0; i < 50; i++)
        {
            string wide = FormattableString.Invariant($"wide{i}");
            model.Node("Conv", "input w", wide, AttributeProto.Of("group", 3L), AttributeProto.Of("pads", [8L, 8, 8, 8]));
            last = wide;
        }

        Assert.Contains("weights that many layers share", Assert.Throws<UnsupportedOnnxException>(() => model.Node("GlobalAveragePool", last, "logits").Open()).Message);
    }

    [Fact]
    public void Open_GrowingShapes_StaysSmall()
    {
        // Each list of numbers is twice as long as the one before.
        OnnxModels model = new OnnxModels().Node("Shape", "input", "s0");
        for (int i = 0; i < 40; i++)
        {
            model.Node("Concat", FormattableString.Invariant($"s{i} s{i}"), FormattableString.Invariant($"s{i + 1}"), AttributeProto.Of("axis", 0L));
        }

        model.Node("Reshape", "input s40", "logits");
        Assert.Throws<UnsupportedOnnxException>(() => model.Open());

        // And each map has twice the channels.
        model = new OnnxModels().Node("Concat", "input input", "m0", AttributeProto.Of("axis", 1L));
        for (int i = 0; i < 40; i++)
        {
            model.Node("Concat", FormattableString.Invariant($"m{i} m{i}"), FormattableString.Invariant($"m{i + 1}"), AttributeProto.Of("axis", 1L));
        }

        Assert.Contains("are accepted", Refused(model.Node("GlobalAveragePool", "m40", "logits")));
    }

    private static string Refused(OnnxModels model) => Assert.Throws<InvalidWeightsException>(() => model.Open()).Message;

    private bool IsRead(byte[] bytes)
    {
        try
        {
            using OnnxNetwork network = OnnxModels.Open(bytes);
            using ParameterStore parameters = _engine.CreateParameters(network.Graph.Parameters);
            network.Load(parameters);
            return true;
        }
        catch (Exception e) when (e is InvalidWeightsException or UnsupportedOnnxException)
        {
            return false;
        }
    }
}
