using MLClassify.Graphs;

namespace MLClassify.Networks.Tests;

public class NetworkRegistryTests
{
    [Fact]
    public void Names_Default_AreTheKnownNetworks() =>
        Assert.Equal(
            [
                "alexnet", "alexnet_half", "alexnet_paper", "cifar_resnet20", "cifar_resnet56", "densenet121", "densenet169", "densenet201",
                "mobilenet_v2", "resnet101", "resnet152", "resnet16_half", "resnet18", "resnet18_cntk", "resnet20_half", "resnet34", "resnet50", "seresnet50",
                "squeezenet1_1", "vgg16", "vgg16_bn", "vgg16_cifar",
            ],
            NetworkRegistry.Default.Names);

    [Theory]
    [InlineData("resnet50")]
    [InlineData("ResNet50")]
    public void Get_AnyLetterCase_FindsTheNetwork(string name) => Assert.Equal("resnet50", NetworkRegistry.Default.Get(name).Name);

    [Fact]
    public void Get_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => NetworkRegistry.Default.Get("resnet51"));
        Assert.Contains("Unknown network 'resnet51', perhaps resnet50; known: alexnet, alexnet_half, alexnet_paper, ", error.Message);
        Assert.Contains(", vgg16_bn, vgg16_cifar.", error.Message);
    }

    [Fact]
    public void TryGet_UnknownName_IsFalse() => Assert.False(NetworkRegistry.Default.TryGet("vgg99", out _));

    [Fact]
    public void Register_Duplicate_Throws()
    {
        var registry = new NetworkRegistry();
        registry.Register(Definition("tiny"));
        var error = Assert.Throws<ArgumentException>(() => registry.Register(Definition("tiny")));
        Assert.Contains("'tiny' is registered already", error.Message);
    }

    [Theory]
    [InlineData("Tiny")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("réseau")]
    public void Register_NameNotLowerCase_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => new NetworkRegistry().Register(Definition(name)));

    [Fact]
    public void Definitions_Default_AreDescribed() => Assert.All(NetworkRegistry.Default.Definitions, definition =>
    {
        Assert.NotEmpty(definition.Family);
        Assert.NotEmpty(definition.Description);
        Assert.NotEmpty(definition.Paper.Title);
        Assert.Equal("https", definition.Paper.Url.Scheme);
        Assert.InRange(definition.MinimumInputSize, 1, definition.DefaultInputSize);
        Assert.True(definition.PublishedTop1 is null or (> 0.5 and < 0.9));
    });

    [Theory]
    [InlineData("alexnet_paper", 227)]
    [InlineData("cifar_resnet20", 32)]
    [InlineData("cifar_resnet56", 32)]
    [InlineData("resnet16_half", 128)]
    [InlineData("resnet20_half", 160)]
    [InlineData("seresnet50", 224)]
    [InlineData("vgg16", 224)]
    [InlineData("vgg16_cifar", 32)]
    public void DefaultInputSize_Network_IsItsPapers(string name, int side) =>
        Assert.Equal(side, NetworkRegistry.Default.Get(name).DefaultInputSize);

    private static NetworkDefinition Definition(string name) => new(options =>
    {
        GraphBuilder builder = GraphBuilder.For(name, new Shape(options.InputHeight, options.InputWidth, 3));
        return builder.Build(builder.Linear(builder.Input, "fc", options.Classes));
    })
    {
        Name = name,
        Family = "Tiny",
        Paper = new Paper("None", new Uri("https://example.org/")),
        Description = "For a test.",
    };
}
