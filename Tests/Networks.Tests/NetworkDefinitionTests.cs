using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Networks.Tests;

public class NetworkDefinitionTests
{
    public static TheoryData<string> Names { get; } = [.. NetworkRegistry.Default.Names];

    [Theory]
    [InlineData("alexnet", 1000, 61_100_840)]
    [InlineData("alexnet_paper", 1000, 60_965_224)]
    [InlineData("cifar_resnet20", 10, 269_722)]
    [InlineData("cifar_resnet56", 10, 853_018)]
    [InlineData("densenet121", 1000, 7_978_856)]
    [InlineData("densenet121", 10, 6_964_106)]
    [InlineData("densenet169", 1000, 14_149_480)]
    [InlineData("densenet201", 1000, 20_013_928)]
    [InlineData("mobilenet_v2", 1000, 3_504_872)]
    [InlineData("resnet101", 1000, 44_549_160)]
    [InlineData("resnet152", 1000, 60_192_808)]
    [InlineData("resnet16_half", 1, 1_883_425)]
    [InlineData("resnet20_half", 1, 3_359_521)]
    [InlineData("resnet18", 1000, 11_689_512)]
    [InlineData("resnet18_cntk", 1000, 16_410_152)]
    [InlineData("resnet34", 1000, 21_797_672)]
    [InlineData("resnet50", 1000, 25_557_032)]
    [InlineData("resnet50", 10, 23_528_522)]
    [InlineData("seresnet50", 1000, 28_088_024)]
    [InlineData("squeezenet1_1", 1000, 1_235_496)]
    [InlineData("vgg16", 1000, 138_357_544)]
    [InlineData("vgg16_bn", 1000, 138_365_992)]
    [InlineData("vgg16_cifar", 10, 14_728_266)]
    public void Build_PublishedNetwork_HasPublishedParameterCount(string name, int classes, long count) =>
        Assert.Equal(count, Build(name, new NetworkOptions { Classes = classes }).ParameterCount);

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_NativeHead_HasTorchvisionsNamesAndShapes(string name)
    {
        Graph graph = Build(name, new NetworkOptions());
        Assert.Equal(GoldenFiles.Parameters(name), graph.Parameters.Select(p => $"{p.Name} {string.Join(",", p.Dimensions)}"));
    }

    [Theory]
    [InlineData("alexnet", HeadKind.Original, 1, 4096, "classifier.6")]
    [InlineData("alexnet", HeadKind.Linear, 1, 4096, "classifier.6")]
    [InlineData("alexnet_half", HeadKind.Linear, 1, 2048, "classifier.6")]
    [InlineData("alexnet_paper", HeadKind.Linear, 1, 4096, "fc8")]
    [InlineData("cifar_resnet20", HeadKind.Linear, 1, 64, "linear")]
    [InlineData("densenet121", HeadKind.Original, 1, 1024, "classifier")]
    [InlineData("densenet169", HeadKind.Linear, 1, 1664, "classifier")]
    [InlineData("densenet201", HeadKind.Linear, 1, 1920, "classifier")]
    [InlineData("mobilenet_v2", HeadKind.Linear, 1, 1280, "classifier.1")]
    [InlineData("resnet18", HeadKind.Original, 1, 512, "fc")]
    [InlineData("resnet50", HeadKind.Linear, 1, 2048, "fc")]
    [InlineData("squeezenet1_1", HeadKind.Linear, 1, 512, "classifier.1")]
    [InlineData("squeezenet1_1", HeadKind.Original, 13, 512, "classifier.1")]
    [InlineData("seresnet50", HeadKind.Linear, 1, 2048, "fc")]
    [InlineData("vgg16_bn", HeadKind.Original, 1, 4096, "classifier.6")]
    [InlineData("vgg16_cifar", HeadKind.Linear, 1, 512, "classifier")]
    public void Build_AnyHead_HasFeaturesBeforeTheLastLayer(string name, HeadKind head, int side, int features, string layer)
    {
        Graph graph = Build(name, new NetworkOptions { Classes = 7, Head = head });
        Assert.Equal(new Shape(side, side, features), graph.Features.Shape);
        Assert.Equal(Shape.Vector(7), graph.Output.Shape);
        Assert.Equal([layer + ".weight", layer + ".bias"], graph.HeadParameters.Select(p => p.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_LinearHead_CanBeCutAtTheFeatures(string name)
    {
        Graph graph = Build(name, new NetworkOptions { Classes = 7, Head = HeadKind.Linear });
        Graph backbone = graph.UpTo(graph.Features);
        Graph head = graph.After(graph.Features);
        Assert.Equal(backbone.Output.Shape, head.Input.Shape);
        Assert.Equal(graph.ParameterCount, backbone.ParameterCount + head.ParameterCount);
        Assert.All(head.Nodes, n => Assert.True(n.Operator is InputOperator or DropoutOperator or LinearOperator));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_HiddenHead_HasTwoLayersAfterTheFeatures(string name)
    {
        var options = new NetworkOptions { Classes = 7, Head = HeadKind.Mlp, HeadWidth = 33 };
        Graph graph = Build(name, options);
        Graph linear = Build(name, options with { Head = HeadKind.Linear });
        string layer = linear.HeadParameters.First().Name[..^".weight".Length];
        Assert.Equal(linear.Features.Shape, graph.Features.Shape);
        Assert.Equal(
            [$"{layer}.0.weight", $"{layer}.0.bias", $"{layer}.3.weight", $"{layer}.3.bias"], graph.HeadParameters.Select(p => p.Name));
        int features = graph.Features.Shape.Channels;
        Assert.Equal([33 * features, 33, 7 * 33, 7], graph.HeadParameters.Select(p => (int)p.Count));

        Operator[] head = [.. graph.After(graph.Features).Nodes.Skip(1).Select(n => n.Operator)];
        Assert.Collection(
            head,
            o => Assert.Equal(33, Assert.IsType<LinearOperator>(o).Outputs),
            o => Assert.IsType<ReluOperator>(o),
            o => Assert.Equal(0.5f, Assert.IsType<DropoutOperator>(o).Probability),
            o => Assert.Equal(7, Assert.IsType<LinearOperator>(o).Outputs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    public void Build_HeadWidthOutOfRange_NamesValueAndRange(int width)
    {
        var error = Assert.Throws<ArgumentException>(
            () => Build("resnet18", new NetworkOptions { Head = HeadKind.Mlp, HeadWidth = width }));
        Assert.Contains(FormattableString.Invariant($"head's width must be 1 to 65536, got {width}"), error.Message);
    }

    [Theory]
    [InlineData("alexnet", 62, 224, "alexnet: the input must be at least 63 x 63 pixels, got 62 x 224.")]
    [InlineData("squeezenet1_1", 224, 24, "squeezenet1_1: the input must be at least 25 x 25 pixels, got 224 x 24.")]
    [InlineData("resnet18", 0, 224, "resnet18: the input must be 1 to 4096 pixels on each side, got 0 x 224.")]
    [InlineData("resnet18", 224, 4097, "resnet18: the input must be 1 to 4096 pixels on each side, got 224 x 4097.")]
    public void Build_InputOutOfRange_NamesTheLimit(string name, int height, int width, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => Build(name, new NetworkOptions { InputHeight = height, InputWidth = width }));
        Assert.StartsWith(message, error.Message);
    }

    [Theory]
    [InlineData(0, HeadKind.Original, null, "number of classes must be 1 to 1000000, got 0")]
    [InlineData(5, (HeadKind)7, null, "head must be Original, Linear or Mlp, got 7")]
    [InlineData(5, HeadKind.Original, 1f, "dropout must be at least 0 and below 1, got 1")]
    [InlineData(5, HeadKind.Original, float.NaN, "dropout must be at least 0 and below 1, got NaN")]
    public void Build_OptionOutOfRange_NamesValueAndRange(int classes, HeadKind head, float? dropout, string message)
    {
        var error = Assert.Throws<ArgumentException>(
            () => Build("resnet18", new NetworkOptions { Classes = classes, Head = head, Dropout = dropout }));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("alexnet", null, 2, 0.5f)]
    [InlineData("alexnet", 0.3f, 2, 0.3f)]
    [InlineData("alexnet", 0f, 0, 0f)]
    [InlineData("alexnet_paper", null, 2, 0.5f)]
    [InlineData("cifar_resnet20", null, 0, 0f)]
    [InlineData("densenet121", null, 0, 0f)]
    [InlineData("densenet121", 0.4f, 1, 0.4f)]
    [InlineData("mobilenet_v2", null, 1, 0.2f)]
    [InlineData("resnet18", null, 0, 0f)]
    [InlineData("resnet18", 0.4f, 1, 0.4f)]
    [InlineData("squeezenet1_1", null, 1, 0.5f)]
    [InlineData("vgg16", null, 2, 0.5f)]
    [InlineData("vgg16_cifar", null, 0, 0f)]
    public void Build_Dropout_StandsInTheHead(string name, float? dropout, int layers, float probability)
    {
        Graph graph = Build(name, new NetworkOptions { Dropout = dropout });
        DropoutOperator[] found = [.. graph.Nodes.Select(n => n.Operator).OfType<DropoutOperator>()];
        Assert.Equal(layers, found.Length);
        Assert.All(found, d => Assert.Equal(probability, d.Probability));
    }

    private static Graph Build(string name, NetworkOptions options) => NetworkRegistry.Default.Get(name).Build(options);
}
