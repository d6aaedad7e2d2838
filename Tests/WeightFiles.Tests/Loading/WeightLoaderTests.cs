using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Tests.Loading;

public sealed class WeightLoaderTests : IDisposable
{
    private static readonly LoadOptions FineTuning = new() { AllowHeadMismatch = true };

    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("{0}")]
    [InlineData("module.{0}")]
    [InlineData("model.{0}")]
    [InlineData("module.model.{0}")]
    [InlineData("_orig_mod.net.{0}")]
    public void Load_AnyPrefix_FindsEveryParameter(string format)
    {
        Graph graph = Network("squeezenet1_1", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("w.safetensors", graph, name => string.Format(format, name));
        LoadReport report = WeightLoader.Load(parameters, graph, file);
        Assert.True(report.IsComplete);
        Assert.Equal(graph.Parameters.Select(p => p.Name), report.Loaded);
        Assert.All(graph.Parameters, p => Assert.Equal(FormulaValues.Of(p), parameters.Export(p.Name)));
    }

    [Fact]
    public void Compare_ParallelSegmentInTheMiddle_IsSeenThrough()
    {
        Graph graph = Network("alexnet_half", 10);
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => name.Replace("features.", "features.module."));
        Assert.True(WeightLoader.Compare(graph, file).IsComplete);
    }

    [Fact]
    public void Compare_HeadBesideWrappedBackbone_IsFound()
    {
        Graph graph = Network("squeezenet1_1", 10);
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => name.StartsWith("features.") ? "backbone." + name : name);
        Assert.True(WeightLoader.Compare(graph, file).IsComplete);
    }

    [Fact]
    public void Compare_TwoCopies_TakesTheOneWithTheShorterPrefixAndReportsTheOther()
    {
        Graph graph = Network("squeezenet1_1", 10);
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => "model." + name);
        file.Add("model_ema.features.0.weight", [64, 3, 3, 3]);
        LoadReport report = WeightLoader.Compare(graph, file);
        Assert.Equal(graph.Parameters.Count, report.Loaded.Count);
        Assert.Equal(["model_ema.features.0.weight"], report.Unexpected);
    }

    [Fact]
    public void Compare_BatchCounters_AreIgnored()
    {
        Graph graph = Network("resnet18", 10);
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => "module." + name);
        file.Add("module.bn1.num_batches_tracked", []).Add("num_batches_tracked", []);
        Assert.True(WeightLoader.Compare(graph, file).IsComplete);
    }

    [Fact]
    public void Compare_OneOfEach_ReportsAll()
    {
        Graph graph = Network("squeezenet1_1", 10);
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => name is "features.0.bias" or "features.0.weight" ? null : name);
        file.Add("features.0.weight", [64, 3, 7, 7]).Add("extra", [1]);
        LoadReport report = WeightLoader.Compare(graph, file);
        Assert.False(report.IsComplete);
        Assert.Equal(50, report.Loaded.Count);
        Assert.Equal(["features.0.bias"], report.Missing);
        Assert.Equal(["extra"], report.Unexpected);
        Assert.Equal("features.0.weight is [64, 3, 7, 7], expected [64, 3, 3, 3]", Assert.Single(report.ShapeMismatches).ToString());
    }

    [Fact]
    public void Load_AnotherNetworksFile_SaysSoAndChangesNothing()
    {
        Graph graph = Network("resnet18", 1000);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("somewhere/squeezenet1_1.safetensors", Network("squeezenet1_1", 1000));
        foreach (LoadOptions options in new[] { new LoadOptions(), FineTuning })
        {
            var error = Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file, options));
            Assert.StartsWith(
                "squeezenet1_1.safetensors holds weights of another network: 0 of 102 parameters of resnet18 match (", error.Message);
            Assert.Contains(" missing, first: conv1.weight", error.Message);
        }

        Assert.All(parameters.Export("conv1.weight"), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Load_AnotherNetworksFile_NamesFirstUnexpected()
    {
        Graph graph = Network("resnet18", 1000);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("squeezenet1_1.safetensors", Network("squeezenet1_1", 1000));
        var error = Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file));
        Assert.Equal(
            "squeezenet1_1.safetensors holds weights of another network: 0 of 102 parameters of resnet18 match "
            + "(102 missing, first: conv1.weight; 52 unexpected, first: features.0.weight).",
            error.Message);
    }

    [Fact]
    public void Load_OtherClassCount_NeedsAllowHeadMismatch()
    {
        Graph graph = Network("resnet18", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        parameters.Initialize(1);
        float[] head = parameters.Export("fc.weight");
        MemoryWeights file = MemoryWeights.Of("resnet18.safetensors", Network("resnet18", 1000));

        var error = Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file));
        Assert.Equal(
            "resnet18.safetensors does not fit resnet18: 100 of 102 parameters match "
            + "(2 of another shape, first: fc.weight is [1000, 512], expected [10, 512]).",
            error.Message);

        LoadReport report = WeightLoader.Load(parameters, graph, file, FineTuning);
        Assert.Equal(["fc.weight", "fc.bias"], report.ShapeMismatches.Select(m => m.Name));
        Assert.Equal(head, parameters.Export("fc.weight"));
        Assert.Equal(FormulaValues.Of(graph.Parameters[0]), parameters.Export("conv1.weight"));
    }

    [Fact]
    public void Load_BackboneIncomplete_IsRefusedForFineTuningToo()
    {
        Graph graph = Network("resnet18", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of(
            "cut.safetensors", Network("resnet18", 1000), name => name == "layer4.1.bn2.running_var" ? null : name);
        var error = Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file, FineTuning));
        Assert.Equal(
            "cut.safetensors does not fit resnet18: 99 of 102 parameters match (1 missing, first: layer4.1.bn2.running_var).",
            error.Message);
    }

    [Fact]
    public void Load_DeeperNetworksFile_IsRefusedForFineTuningToo()
    {
        Graph graph = Network("resnet18", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("resnet34.safetensors", Network("resnet18", 1000));
        file.Add("layer1.2.conv1.weight", [64, 64, 3, 3]);
        var error = Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file, FineTuning));
        Assert.Contains("1 unexpected, first: layer1.2.conv1.weight", error.Message);
    }

    [Fact]
    public void Load_OtherHeadsNames_AreToleratedForFineTuningOnly()
    {
        Graph graph = Network("resnet18", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("w.safetensors", graph, name => name.Replace("fc.", "head.linear."));
        Assert.Throws<InvalidWeightsException>(() => WeightLoader.Load(parameters, graph, file));
        LoadReport report = WeightLoader.Load(parameters, graph, file, FineTuning);
        Assert.Equal(["fc.weight", "fc.bias"], report.Missing);
        Assert.Equal(["head.linear.weight", "head.linear.bias"], report.Unexpected);
    }

    [Fact]
    public void Load_NotStrict_LoadsWhatFits()
    {
        Graph graph = Network("squeezenet1_1", 10);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("w.safetensors", graph, name => name == "features.0.weight" ? name : null);
        LoadReport report = WeightLoader.Load(parameters, graph, file, new LoadOptions { Strict = false });
        Assert.Equal(["features.0.weight"], report.Loaded);
        Assert.Equal(51, report.Missing.Count);
        Assert.Equal(FormulaValues.Of(graph.Parameters[0]), parameters.Export("features.0.weight"));
        Assert.All(parameters.Export("features.0.bias"), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(HeadKind.Native, HeadKind.Linear)]
    [InlineData(HeadKind.Linear, HeadKind.Native)]
    public void Load_ConvolutionWeightIntoLinearLayer_Fits(HeadKind from, HeadKind to)
    {
        Graph graph = Network("squeezenet1_1", 10, to);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        LoadReport report = WeightLoader.Load(parameters, graph, MemoryWeights.Of("w.safetensors", Network("squeezenet1_1", 10, from)));
        Assert.True(report.IsComplete);
        Assert.Equal(
            FormulaValues.Of(graph.Parameters.Single(p => p.Name == "classifier.1.weight")), parameters.Export("classifier.1.weight"));
    }

    [Theory]
    [InlineData("alexnet_half", HeadKind.Native, HeadKind.Hidden)]
    [InlineData("alexnet_half", HeadKind.Hidden, HeadKind.Native)]
    [InlineData("mobilenet_v2", HeadKind.Native, HeadKind.Hidden)]
    [InlineData("squeezenet1_1", HeadKind.Native, HeadKind.Hidden)]
    [InlineData("resnet18", HeadKind.Hidden, HeadKind.Native)]
    public void Load_AnotherHeadForFineTuning_LoadsTheBackbone(string network, HeadKind from, HeadKind to)
    {
        Graph graph = Network(network, 5, to);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("w.safetensors", Network(network, 10, from));
        LoadReport report = WeightLoader.Load(parameters, graph, file, FineTuning);
        Assert.Equal(graph.HeadParameters.Select(p => p.Name), report.Missing);
        Assert.Equal(graph.Parameters.Count - report.Missing.Count, report.Loaded.Count);
    }

    [Fact]
    public void Load_WhatTheWriterWrote_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        Graph graph = Network("mobilenet_v2", 10);
        using ParameterStore written = _engine.CreateParameters(graph.Parameters);
        using ParameterStore read = _engine.CreateParameters(graph.Parameters);
        written.Initialize(7);
        SafetensorsWriter.Write(folder["m.safetensors"], written, new Dictionary<string, string> { ["network"] = "mobilenet_v2" });
        using SafetensorsReader reader = SafetensorsReader.Open(folder["m.safetensors"]);
        Assert.True(WeightLoader.Load(read, graph, reader).IsComplete);
        Assert.Equal("mobilenet_v2", reader.Metadata["network"]);
        Assert.All(graph.Parameters, p => Assert.Equal(written.Export(p.Name), read.Export(p.Name)));
    }

    [DataFact]
    public void Load_ReferenceSqueezeNet_IsComplete()
    {
        Graph graph = Network("squeezenet1_1", 1000);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        using SafetensorsReader reader = SafetensorsReader.Open(SharedData.Path("weights", "squeezenet1_1.safetensors"));
        Assert.True(WeightLoader.Load(parameters, graph, reader).IsComplete);
        Assert.Equal(reader.Read("classifier.1.weight"), parameters.Export("classifier.1.weight"));
    }

    [DataFact]
    public void Load_ReferenceMobileNetFeatures_FitsForFineTuning()
    {
        Graph graph = Network("mobilenet_v2", 5);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        using SafetensorsReader reader = SafetensorsReader.Open(SharedData.Path("weights", "mobilenet_v2.features.safetensors"));
        LoadReport report = WeightLoader.Load(parameters, graph, reader, FineTuning);
        Assert.Equal(260, report.Loaded.Count);
        Assert.Equal(["classifier.1.weight", "classifier.1.bias"], report.Missing);
        Assert.Empty(report.Unexpected);
    }

    private static Graph Network(string name, int classes, HeadKind head = HeadKind.Native) =>
        NetworkRegistry.Default.Get(name).Build(new NetworkOptions { Classes = classes, Head = head });
}
