using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Testing.Engines;

namespace MLClassify.Graphs.Tests;

public sealed class GraphTests : IDisposable
{
    private readonly CpuEngine _engine = new(2);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void UpToAfter_Features_BothHalvesTogetherGiveTheWholesBits()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.5f);
        (float[] whole, float[] halves) = RunWholeAndHalves(graph, graph.Features);
        TestNetworks.AssertSameBits(whole, halves, "logits");
    }

    [Theory]
    [InlineData("input")]
    [InlineData("stem")]
    [InlineData("stem_relu")]
    [InlineData("pool")]
    [InlineData("block.sum")]
    [InlineData("fc")]
    public void UpToAfter_AnyCut_BothHalvesTogetherGiveTheWhole(string name)
    {
        // A cut may part what fusion joins: the sums are rounded elsewhere.
        Graph graph = TestNetworks.Residual();
        (float[] whole, float[] halves) = RunWholeAndHalves(graph, graph.Nodes.Single(n => n.Name == name));
        TestNetworks.AssertClose(whole, halves, 1e-5);
    }

    [Fact]
    public void UpToAfter_Parameters_AreSharedOutWithoutLoss()
    {
        Graph graph = TestNetworks.Residual();
        Graph backbone = graph.UpTo(graph.Features);
        Graph head = graph.After(graph.Features);
        Assert.Equal(graph.Parameters, backbone.Parameters.Concat(head.Parameters));
        Assert.Equal(graph.HeadParameters, head.Parameters);
        Assert.Equal(["fc.weight", "fc.bias"], head.Parameters.Select(p => p.Name));
        Assert.Equal(graph.Features.Shape, backbone.Output.Shape);
        Assert.Equal(graph.Features.Shape, head.Input.Shape);
    }

    [Fact]
    public void After_FlattenedMap_KeepsTheOrderOfFeatures()
    {
        var b = GraphBuilder.For("flat", new Shape(4, 3, 5));
        Node features = b.Relu(b.Convolution(b.Input, "conv", 6, 3), "relu");
        Graph graph = b.Build(b.Linear(features, "fc", 3), features);
        (float[] whole, float[] halves) = RunWholeAndHalves(graph, features);
        TestNetworks.AssertSameBits(whole, halves, "logits");
    }

    [Fact]
    public void After_NodeThatAPathPasses_Throws()
    {
        Graph graph = TestNetworks.Residual();
        var error = Assert.Throws<ArgumentException>(() => graph.After(graph.Nodes.Single(n => n.Name == "block.conv1")));
        Assert.StartsWith("'fc' does not depend on 'block.conv1' alone.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_UnneededNodes_AreDropped()
    {
        var b = GraphBuilder.For("pruned", new Shape(4, 4, 3));
        Node kept = b.Relu(b.Input, "kept");
        b.Convolution(kept, "unused", 7, 1);
        Node last = b.Sigmoid(kept, "last");

        Graph graph = b.Build(last, kept);

        Assert.Equal(["input", "kept", "last"], graph.Nodes.Select(n => n.Name));
        Assert.Empty(graph.Parameters);
        Assert.Same(graph.Nodes[1], graph.Features);
        Assert.Same(graph.Nodes[2], graph.Output);
        Assert.Equal([0, 1, 2], graph.Nodes.Select(n => n.Index));
    }

    [Fact]
    public void Build_ParameterTwice_Throws()
    {
        var b = GraphBuilder.For("twice", new Shape(4, 4, 3));
        Node last = b.Convolution(b.Convolution(b.Input, "same", 3, 1), "same", 3, 1);
        var error = Assert.Throws<ArgumentException>(() => b.Build(last));
        Assert.StartsWith("Graph 'twice' declares the parameter 'same.weight' twice.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_NodeOfAnotherGraph_Throws()
    {
        var b = GraphBuilder.For("one", new Shape(4, 4, 3));
        var other = GraphBuilder.For("other", new Shape(4, 4, 3));
        var error = Assert.Throws<ArgumentException>(() => b.Relu(other.Relu(other.Input, "foreign"), "relu"));
        Assert.StartsWith("'foreign' is not a node of the graph 'one'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParameterCount_RunningStatistics_AreNotCounted()
    {
        var b = GraphBuilder.For("counted", new Shape(4, 4, 3));
        Graph graph = b.Build(b.BatchNorm(b.Convolution(b.Input, "conv", 5, 3), "norm"));
        Assert.Equal((5 * 3 * 9) + 5 + 5 + 5, graph.ParameterCount);
        Assert.Equal(6, graph.Parameters.Count);
    }

    private (float[] Whole, float[] Halves) RunWholeAndHalves(Graph graph, Node cut)
    {
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        TestNetworks.Initialize(parameters);
        using IInferenceSession whole = _engine.CreateInference(graph, parameters, 2);
        using IInferenceSession first = _engine.CreateInference(graph.UpTo(cut), parameters, 2);
        using IInferenceSession second = _engine.CreateInference(graph.After(cut), parameters, 2);
        float[] input = new float[2 * graph.Input.Shape.Count];
        TestNetworks.Fill(input, 5);
        return (whole.Run(input).ToArray(), second.Run(first.Run(input)).ToArray());
    }
}
