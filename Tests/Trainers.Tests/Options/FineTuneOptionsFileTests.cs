using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Options;

public class FineTuneOptionsFileTests
{
    [Fact]
    public void Write_Options_GivesWhatDiffersAndTheWeights() => Assert.Equal(
        """{"weights":"pretrained","epochs":5,"optimizer":"adamw","schedule":"onecycle"}""",
        FineTuneOptionsFile.Write(new FineTuneOptions { Weights = "pretrained", Epochs = 5, Optimizer = new() { Kind = OptimizerKind.AdamW }, Schedule = new() { Kind = ScheduleKind.OneCycle } }).ToJsonString());

    [Fact]
    public void Read_WhatWriteGives_IsTheSame()
    {
        var options = new FineTuneOptions
        {
            Backbone = "densenet121",
            Schedule = new() { Kind = ScheduleKind.Step, StepEpochs = [3, 6] },
            LearningRate = 0.02,
            ClassBalance = new() { Weights = "balanced", BalancedSampling = true },
            Seed = -7,
            Optimizer = new() { Momentum = 0 },
            Compute = new() { Device = ComputeDevice.Cuda(1), Precision = ComputePrecision.BFloat16, Deterministic = true },
        };

        FineTuneOptions read = Read(FineTuneOptionsFile.Write(options).ToJsonString());

        Assert.Equal(options with { Schedule = options.Schedule with { StepEpochs = null } }, read with { Schedule = read.Schedule with { StepEpochs = null } });
        Assert.Equal(options.Schedule.StepEpochs, read.Schedule.StepEpochs);
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

        Assert.Equal((Networks.HeadKind.Mlp, TrainableLayers.All, 2), (options.Head.Kind, options.TrainableLayers, options.Schedule.MaxRateReductions));
        Assert.Equal(("flowers.safetensors", true), (further.InitialModel, further.ExtendClasses));
    }

    [Theory]
    [InlineData("{}", WeightKind.Auto)]
    [InlineData("""{"weights":"auto"}""", WeightKind.Auto)]
    [InlineData("""{"weights":"none"}""", WeightKind.None)]
    [InlineData("""{"weights":null}""", WeightKind.None)]
    public void Read_Weights_NullIsRandomInitializationAsIn01(string json, WeightKind expected) => Assert.Equal(expected, Read(json).Weights.Kind);

    [Fact]
    public void Read_Nothing_IsTheDefault() => Assert.Equal(new FineTuneOptions(), Read("{}"));

    [Theory]
    [InlineData("""{"epoch":3}""", "x.json: options.epoch is unknown; there are backbone, weights, from")]
    [InlineData("""{"epochs":"three"}""", "x.json: options.epochs cannot be \"three\"")]
    [InlineData("""{"epochs":0}""", "x.json: options: Epochs is 0; it must be at least 1")]
    [InlineData("""{"optimizer":"rmsprop"}""", "x.json: options.optimizer cannot be \"rmsprop\"")]
    [InlineData("""{"optimizer":1}""", "x.json: options.optimizer cannot be 1")]
    [InlineData("""{"momentum":null}""", "x.json: options.momentum cannot be null")]
    [InlineData("""{"backbone":" "}""", "x.json: options: Backbone is empty")]
    [InlineData("""{"weights":""}""", "x.json: options: Weights are")]
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
