using MLClassify.Engines.Cpu.Planning;
using MLClassify.Engines.Cpu.Tests.Support;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Tests.Planning;

public class InPlaceConcatTests
{
    private readonly GraphBuilder _builder = GraphBuilder.For("hosts", new Shape(4, 4, 3));

    [Fact]
    public void Values_ChainOfConcatenations_LieInOneStorageAtTheirChannels()
    {
        Node x = Map("x", 5);
        Node y = Map("y", 7);
        Node narrow = _builder.Concat([x, y], "narrow");
        Node z = _builder.Convolution(narrow, "z", 4, 1);
        Node wide = _builder.Concat([narrow, z], "wide");
        ForwardPlan plan = Plan(Finish(wide));

        BufferSlice place = plan.Values[wide.Index];
        Assert.Equal((0, 16), (place.Offset, place.Stride));
        Assert.Equal(place, plan.Values[narrow.Index]);
        Assert.Equal(place, plan.Values[x.Index]);
        Assert.Equal(place.From(5), plan.Values[y.Index]);
        Assert.Equal(place.From(12), plan.Values[z.Index]);
    }

    [Fact]
    public void Values_RectifierOverwritesConvolution_BothLieInTheConcatenation()
    {
        Node x = Map("x", 5);
        Node relu = _builder.Relu(Map("y", 7), "relu");
        Node concat = _builder.Concat([x, relu], "concat");
        ForwardPlan plan = Plan(Finish(concat));

        Assert.Equal(plan.Values[concat.Index].From(5), plan.Values[relu.Index]);
        Assert.Equal(plan.Values[relu.Index], plan.Values[relu.Inputs[0].Index]);
    }

    [Fact]
    public void Values_RectifiedMapIsReadLater_KeepsItsPlace()
    {
        Node y = Map("y", 7);
        Node concat = _builder.Concat([Map("x", 5), _builder.Relu(y, "relu")], "concat");
        Node wide = _builder.Convolution(concat, "wide", 7, 1);
        ForwardPlan plan = Plan(Finish(_builder.Add(wide, y, "sum")));

        Assert.NotEqual(plan.Values[concat.Index].Lifetime, plan.Values[y.Index].Lifetime);
    }

    [Fact]
    public void Values_SameMapTwice_LiesInTheFirstPlace()
    {
        Node x = Map("x", 5);
        Node concat = _builder.Concat([x, x], "concat");
        ForwardPlan plan = Plan(Finish(concat));

        Assert.Equal(plan.Values[concat.Index], plan.Values[x.Index]);
    }

    [Fact]
    public void Values_InputAndOutput_AreDenseAndTheInputApart()
    {
        Node concat = _builder.Concat([_builder.Input, Map("x", 5)], "concat");
        ForwardPlan plan = Plan(_builder.Build(concat));

        Assert.Equal(8, plan.Values[concat.Index].Stride);
        Assert.Equal(3, plan.Values[0].Stride);
        Assert.NotEqual(plan.Values[concat.Index].Lifetime, plan.Values[0].Lifetime);
    }

    [Fact]
    public void Values_FlattenedPart_IsDenseAndApart()
    {
        Node x = Map("x", 5);
        Node pooled = _builder.GlobalAveragePool(_builder.Concat([x, Map("y", 4)], "concat"), "pool");
        Node vector = _builder.Linear(x, "linear", 6);
        ForwardPlan plan = Plan(Finish(_builder.Concat([vector, pooled], "vectors")));

        Assert.Equal(5, plan.Values[x.Index].Stride);
        Assert.Equal(plan.Values[x.Index].Lifetime, plan.Values[vector.Inputs[0].Index].Lifetime);
    }

    [Theory]
    [InlineData(5, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 48)]
    [InlineData(256, 272)]
    [InlineData(272, 272)]
    public void NewShared_AnyChannels_HasAnOddNumberOfCacheLines(int channels, int stride) =>
        Assert.Equal(stride, BufferSlice.NewShared(2, new Shape(3, 3, channels), 0).Stride);

    [Fact]
    public void Gradients_ChainOfConcatenations_LieInOneStorageAtTheirChannels()
    {
        Node x = _builder.Relu(Map("x", 5), "x_relu");
        Node y = _builder.Relu(Map("y", 7), "y_relu");
        Node narrow = _builder.Concat([x, y], "narrow");
        Node z = _builder.BatchNorm(_builder.Convolution(narrow, "z", 4, 1), "z_norm");
        Node wide = _builder.Concat([narrow, z], "wide");
        Graph graph = Finish(wide);
        var plan = new BackwardPlan(graph, 2, [.. graph.Nodes.Select(n => n.Index > 0)]);

        BufferSlice place = plan.Outputs[wide.Index]!.Value;
        Assert.Equal(place, plan.Outputs[narrow.Index]);
        Assert.Equal(place, plan.Outputs[x.Index]);
        Assert.Equal(place.From(5), plan.Outputs[y.Index]);
        Assert.Equal(place.From(12), plan.Outputs[z.Index]);
        Assert.All(plan.Routes[wide.Index], route => Assert.True(route is { IsAlias: true, Accumulate: false, CopyFrom: null }));

        // The convolution that reads the narrow one adds to its channels of the wide one's gradient; its own gradient has no gaps.
        Node convolution = z.Inputs[0];
        Assert.Equal(new GradientRoute(place, true, null, false), plan.Routes[convolution.Index][0]);
        Assert.Equal(4, plan.Outputs[convolution.Index]!.Value.Stride);
    }

    private static ForwardPlan Plan(Graph graph) => new(graph, 2, ForwardPlan.ForwardUses(graph));

    private Node Map(string name, int channels) => _builder.Convolution(_builder.Input, name, channels, 1);

    private Graph Finish(Node map) => _builder.Build(_builder.Linear(_builder.GlobalAveragePool(map, "gap"), "fc", 2));
}
