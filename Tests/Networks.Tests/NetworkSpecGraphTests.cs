using MLClassify.Graphs;

namespace MLClassify.Networks.Tests;

/// <summary>Networks whose description travels as a graph.</summary>
public class NetworkSpecGraphTests
{
    public static TheoryData<string> Names { get; } = [.. NetworkRegistry.Default.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_EveryNetworkDescribedAsAGraph_IsTheSame(string name)
    {
        foreach (HeadKind head in Enum.GetValues<HeadKind>())
        {
            Graph graph = NetworkRegistry.Default.Get(name).Build(new NetworkOptions { Classes = 7, Head = head, Dropout = 0.25f });
            NetworkSpec spec = NetworkSpec.FromJson(NetworkSpec.From(graph).ToJson(), "model");
            AssertSame(graph, spec.Build());
            Assert.Equal((name, 7, 224, 224), (spec.Name, spec.Classes, spec.InputHeight, spec.InputWidth));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_OtherInputSize_IsTheNetworkOfThatSize(string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        Graph graph = definition.Build(new NetworkOptions { Classes = 7 });
        NetworkSpec spec = NetworkSpec.From(graph) with { InputHeight = 160, InputWidth = 192 };
        AssertSame(definition.Build(new NetworkOptions { Classes = 7, InputHeight = 160, InputWidth = 192 }), spec.Build());
    }

    [Fact]
    public void FromJson_EveryByteOfADescriptionChanged_IsReadOrRefused()
    {
        var builder = GraphBuilder.For("small", new Shape(9, 9, 3));
        Node x = builder.Relu(builder.BatchNorm(builder.Convolution(builder.Input, "conv", 4, 3), "norm"), "relu", 6);
        string json = NetworkSpec.From(builder.Build(builder.Linear(builder.MaxPool(x, "pool", 2, 2), "fc", 3))).ToJson();
        for (int i = 0; i < json.Length; i++)
        {
            foreach (char replacement in "\"0-9}]x,")
            {
                try
                {
                    NetworkSpec.FromJson(json[..i] + replacement + json[(i + 1)..], "model").Build();
                }
                catch (Exception e) when (e is InvalidWeightsException or ArgumentException)
                {
                    // What a model file's reader makes one error of.
                }
            }
        }
    }

    [Fact]
    public void Build_OtherNumberOfClasses_SaysSo()
    {
        Graph graph = NetworkRegistry.Default.Get("resnet18").Build(new NetworkOptions { Classes = 7 });
        var error = Assert.Throws<ArgumentException>(() => (NetworkSpec.From(graph) with { Classes = 8 }).Build());
        Assert.Contains("expected 8 classes", error.Message);
    }

    private static void AssertSame(Graph expected, Graph found)
    {
        Assert.Equal(expected.Nodes.Select(n => (n.Name, n.Operator, n.Shape)), found.Nodes.Select(n => (n.Name, n.Operator, n.Shape)));
        Assert.Equal(
            expected.Nodes.Select(n => string.Join(',', n.Inputs.Select(i => i.Index))),
            found.Nodes.Select(n => string.Join(',', n.Inputs.Select(i => i.Index))));
        Assert.Equal(
            expected.Parameters.Select(p => (p.Name, p.Role, string.Join(',', p.Dimensions), p.Groups, p.FlattenedFrom, p.Initializer)),
            found.Parameters.Select(p => (p.Name, p.Role, string.Join(',', p.Dimensions), p.Groups, p.FlattenedFrom, p.Initializer)));
        Assert.Equal((expected.Output.Index, expected.Features.Index), (found.Output.Index, found.Features.Index));
    }
}
