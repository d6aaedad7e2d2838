using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Networks.Tests;

public class NetworkHeadTests
{
    public static TheoryData<string> Names { get; } = [.. NetworkRegistry.Default.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Replace_EveryNetwork_IsTheOneWithALinearHead(string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        Graph replaced = NetworkHead.Replace(definition.Build(new NetworkOptions()), 7, dropout: 0);
        Graph expected = definition.Build(new NetworkOptions { Classes = 7, Head = HeadKind.Linear, Dropout = 0 });
        Assert.Equal(Shape.Vector(7), replaced.Output.Shape);
        Assert.Equal(expected.Features.Shape, replaced.Features.Shape);
        Assert.Equal(expected.Parameters.Select(p => (p.Name, p.Count)), replaced.Parameters.Select(p => (p.Name, p.Count)));
        Assert.Equal(expected.HeadParameters.Select(p => p.Name), replaced.HeadParameters.Select(p => p.Name));
    }

    [Theory]
    [InlineData(null, 0.5f)]
    [InlineData(0.1f, 0.1f)]
    public void Replace_Dropout_IsTheNetworksOwnUnlessGiven(float? dropout, float expected)
    {
        Graph graph = NetworkRegistry.Default.Get("vgg16").Build(new NetworkOptions { InputHeight = 32, InputWidth = 32 });
        Graph replaced = NetworkHead.Replace(graph, 3, dropout);
        Assert.Equal(expected, Assert.IsType<DropoutOperator>(replaced.Nodes[^2].Operator).Probability);
        Assert.IsType<ReluOperator>(replaced.Features.Operator);
    }

    [Fact]
    public void Replace_NoLastLayer_SaysSo()
    {
        var builder = GraphBuilder.For("sum", new Shape(4, 4, 3));
        Node x = builder.GlobalAveragePool(builder.Convolution(builder.Input, "conv", 4, 1), "pool");
        Graph graph = builder.Build(builder.Add(x, x, "sum"));
        Assert.Contains("does not end in a linear layer", Assert.Throws<ArgumentException>(() => NetworkHead.Replace(graph, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkHead.Replace(graph, 0));
    }
}
