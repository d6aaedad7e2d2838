using System.Text.Json;

namespace MLClassify.Trainers.Tests.Options;

public class FineTuneOptionsFileTests
{
    [Fact]
    public void Write_Options_GivesWhatDiffersAndTheNetwork() => Assert.Equal(
        """{"backbone":"resnet50","weights":"pretrained","epochs":5,"optimizer":"adamw","schedule":"onecycle"}""",
        FineTuneOptionsFile.Write(new FineTuneOptions { Weights = "pretrained", Epochs = 5, Optimizer = OptimizerKind.AdamW, Schedule = ScheduleKind.OneCycle }).ToJsonString());

    [Fact]
    public void Read_WhatWriteGives_IsTheSame()
    {
        var options = new FineTuneOptions
        {
            Backbone = "densenet121",
            Schedule = ScheduleKind.Step,
            StepEpochs = [3, 6],
            LearningRate = 0.02,
            ClassWeights = "balanced",
            Seed = -7,
            Momentum = 0,
            BalancedSampling = true,
        };

        FineTuneOptions read = Read(FineTuneOptionsFile.Write(options).ToJsonString());

        Assert.Equal(options with { StepEpochs = null }, read with { StepEpochs = null });
        Assert.Equal(options.StepEpochs, read.StepEpochs);
    }

    // The names of version 0.1, whose args.json and project files stay readable, and are still written.
    [Theory]
    [InlineData("""{"backbone":"resnet18","head":"hidden","unfreeze":"all","schedule":"plateau","plateau_drops":2}""")]
    [InlineData("""{"backbone":"alexnet","head":"native","unfreeze":"head"}""")]
    [InlineData("""{"backbone":"resnet50","from":"flowers.safetensors","keep_classes":true}""")]
    public void ReadAndWrite_NamesOfVersion01_StayAsTheyWere(string json)
    {
        FineTuneOptions read = Read(json);

        Assert.NotEqual(new FineTuneOptions(), read);
        JsonElement expected = JsonDocument.Parse(json).RootElement;
        JsonElement written = JsonDocument.Parse(FineTuneOptionsFile.Write(read).ToJsonString()).RootElement;
        Assert.All(expected.EnumerateObject(), property => Assert.Equal(property.Value.ToString(), written.GetProperty(property.Name).ToString()));
    }

    [Fact]
    public void Read_NamesOfVersion01_MeanTheOptionsOfToday()
    {
        FineTuneOptions options = Read("""{"head":"hidden","unfreeze":"all","schedule":"plateau","plateau_drops":2}""");
        FineTuneOptions further = Read("""{"from":"flowers.safetensors","keep_classes":true}""");

        Assert.Equal((Networks.HeadKind.Mlp, TrainableLayers.All, 2), (options.Head, options.TrainableLayers, options.MaxRateReductions));
        Assert.Equal(("flowers.safetensors", true), (further.InitialModel, further.ExtendClasses));
    }

    [Fact]
    public void Read_Nothing_IsTheDefault() => Assert.Equal(new FineTuneOptions(), Read("{}"));

    [Theory]
    [InlineData("""{"epoch":3}""", "x.json: options.epoch is unknown; there are backbone, weights, from")]
    [InlineData("""{"epochs":"three"}""", "x.json: options.epochs cannot be \"three\"")]
    [InlineData("""{"epochs":0}""", "x.json: options: Epochs is 0; it must be at least 1")]
    [InlineData("""{"optimizer":"rmsprop"}""", "x.json: options.optimizer cannot be \"rmsprop\"")]
    [InlineData("""{"optimizer":1}""", "x.json: options.optimizer cannot be 1")]
    [InlineData("""{"momentum":null}""", "x.json: options.momentum cannot be null")]
    [InlineData("""{"backbone":null}""", "x.json: options: Backbone is empty")]
    [InlineData("""{"batch_size":3000000000}""", "x.json: options.batch_size cannot be 3000000000")]
    [InlineData("[]", "x.json: 'options' is a JSON Array, expected an object")]
    public void Read_NotValid_SaysWhich(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InvalidDataException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static FineTuneOptions Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return FineTuneOptionsFile.Read(document.RootElement, "x.json");
    }
}
