using MLClassify.Graphs;

namespace MLClassify.Networks.Tests;

public class NetworkSpecTests
{
    private const string Json = """{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"linear","dropout":0.25}""";

    [Fact]
    public void ToJson_Spec_IsOneSnakeCaseLine() => Assert.Equal(Json, Spec().ToJson());

    [Theory]
    [InlineData(null)]
    [InlineData(0.25f)]
    [InlineData(0f)]
    public void FromJson_WhatToJsonWrote_IsTheSame(float? dropout)
    {
        NetworkSpec spec = Spec() with { Dropout = dropout };
        Assert.Equal(spec, NetworkSpec.FromJson(spec.ToJson(), "model.safetensors"));
    }

    [Fact]
    public void From_Options_KeepsAll()
    {
        var options = new NetworkOptions { Classes = 5, InputHeight = 160, InputWidth = 192, Head = HeadKind.Linear, Dropout = 0.25f };
        Assert.Equal(Spec(), NetworkSpec.From("resnet18", options));
        Assert.Equal(options, Spec().ToOptions());
    }

    [Fact]
    public void ToJson_HiddenHead_HasItsWidth()
    {
        NetworkSpec spec = Spec() with { Head = HeadKind.Hidden, HeadWidth = 96 };
        const string expected =
            """{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"hidden","head_width":96,"dropout":0.25}""";
        Assert.Equal(expected, spec.ToJson());
        Assert.Equal(spec, NetworkSpec.FromJson(expected, "model.safetensors"));
        Assert.Equal(96, spec.ToOptions().HeadWidth);
        Assert.Equal(spec, NetworkSpec.From("resnet18", spec.ToOptions()));
    }

    [Fact]
    public void Build_Spec_GivesTheNetwork()
    {
        Graph graph = Spec().Build();
        Assert.Equal("resnet18", graph.Name);
        Assert.Equal(new Shape(160, 192, 3), graph.Input.Shape);
        Assert.Equal(5, graph.Output.Shape.Channels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"name":"resnet18"}""")]
    [InlineData("""{"name":null,"classes":5,"input_height":160,"input_width":192,"head":"linear"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"round"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":1}""")]
    [InlineData("""{"name":"resnet18","classes":5,"classes":6,"input_height":160,"input_width":192,"head":"linear"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"linear","depth":3}""")]
    [InlineData("""{"name":"resnet18","classes":99999999999,"input_height":160,"input_width":192,"head":"linear"}""")]
    [InlineData("""{"name":"resnet18","classes":0,"input_height":160,"input_width":192,"head":"linear"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192000,"head":"linear"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"linear","dropout":1.5}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"hidden"}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"linear","head_width":64}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"hidden","head_width":0}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"hidden","head_width":70000}""")]
    [InlineData("""{"name":"resnet18","classes":5,"input_height":160,"input_width":192,"head":"hidden","head_width":-9000000000}""")]
    public void FromJson_BadText_NamesTheFile(string json)
    {
        var error = Assert.Throws<InvalidWeightsException>(() => NetworkSpec.FromJson(json, "model.safetensors"));
        Assert.StartsWith("model.safetensors: the network's description is ", error.Message);
    }

    private static NetworkSpec Spec() => new()
    {
        Name = "resnet18",
        Classes = 5,
        InputHeight = 160,
        InputWidth = 192,
        Head = HeadKind.Linear,
        Dropout = 0.25f,
    };
}
