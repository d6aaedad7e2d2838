using System.Text.RegularExpressions;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Tests.Loading;

/// <summary>The same networks under other projects' names.</summary>
public sealed class RenamedWeightsTests : IDisposable
{
    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("model.backbone.")]
    public void Load_TimmsMobileNet_FillsEveryParameter(string prefix)
    {
        // The names of timm's mobilenetv2_100, in the order of its modules: stem, blocks, head.
        List<string> names = ["conv_stem", "bn1", "blocks.0.0.conv_dw", "blocks.0.0.bn1", "blocks.0.0.conv_pw", "blocks.0.0.bn2"];
        int[] repetitions = [1, 2, 3, 4, 3, 3, 1];
        for (int stage = 1; stage < repetitions.Length; stage++)
        {
            for (int block = 0; block < repetitions[stage]; block++)
            {
                names.AddRange(((string[])["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"]).Select(n => $"blocks.{stage}.{block}.{n}"));
            }
        }

        names.AddRange(["conv_head", "bn2", "classifier"]);
        Graph graph = Network("mobilenet_v2");
        string[] modules = [.. graph.Parameters.Select(p => p.Name[..p.Name.LastIndexOf('.')]).Distinct()];
        Assert.Equal(names.Count, modules.Length);
        Dictionary<string, string> map = modules.Zip(names).ToDictionary(p => p.First, p => p.Second);
        AssertLoads(graph, name => prefix + map[name[..name.LastIndexOf('.')]] + name[name.LastIndexOf('.')..]);
    }

    [Theory]
    [InlineData("densenet121")]
    [InlineData("densenet169")]
    [InlineData("densenet201")]
    public void Load_TorchvisionsOldDenseNet_FillsEveryParameter(string network) => AssertLoads(
        Network(network), name => Regex.Replace(name, @"(denselayer\d+\.(?:norm|conv))(\d)", "$1.$2"), "denseblock1.denselayer1.norm.1.weight");

    [Fact]
    public void Load_DenseNetBesideItsOldNames_KeepsTheNew()
    {
        Graph graph = Network("densenet121");
        Assert.True(WeightLoader.Compare(graph, MemoryWeights.Of("w.pth", graph, name => "module." + name)).IsComplete);
    }

    [Theory]
    [InlineData("vgg16")]
    [InlineData("vgg16_bn")]
    public void Compare_TimmsVgg_FitsEveryParameter(string network)
    {
        Graph graph = Network(network);
        var file = new Declared("vgg16.pth", graph.Parameters.Select(p => new WeightEntry(
            p.Name.Replace("classifier.0", "pre_logits.fc1").Replace("classifier.3", "pre_logits.fc2").Replace("classifier.6", "head.fc"),
            ElementType.F32,
            p.Name switch
            {
                "classifier.0.weight" => [4096, 512, 7, 7],
                "classifier.3.weight" => [4096, 4096, 1, 1],
                _ => [.. p.Dimensions.Select(d => (long)d)],
            })));
        LoadReport report = WeightLoader.Compare(graph, file);
        Assert.True(report.IsComplete);
        Assert.Equal(graph.Parameters.Count, report.Loaded.Count);
    }

    [Fact]
    public void Compare_ConvolutionOfAnotherMap_DoesNotFit()
    {
        Graph graph = Network("alexnet_half");
        MemoryWeights file = MemoryWeights.Of("w.pth", graph, name => name == "classifier.1.weight" ? null : name);
        file.Add("classifier.1.weight", [2048, 128, 5, 5]);
        Assert.Equal("classifier.1.weight", Assert.Single(WeightLoader.Compare(graph, file).ShapeMismatches).Name);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("seresnet50")]
    public void Load_TimmsResNet_HasTheNamesAlready(string network) => AssertLoads(Network(network), name => "model." + name);

    [Fact]
    public void Load_SqueezeAndExciteModules_FillEveryParameter() =>
        AssertLoads(Network("seresnet50"), name => name.Replace(".se.", ".se_module."), "layer1.0.se_module.fc1.weight");

    [Fact]
    public void Load_CadenesSqueezeAndExcite_IsRefusedWithTheReason()
    {
        Graph graph = Network("seresnet50");
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("se_resnet50-ce0d4300.pth", graph, name =>
            name.Replace(".se.", ".se_module.") is var inside && (inside.StartsWith("conv1.") || inside.StartsWith("bn1.")) ? "layer0." + inside
                : inside.StartsWith("fc.") ? "last_linear" + inside[2..]
                : inside);
        var error = Assert.Throws<InvalidWeightsException>(
            () => WeightLoader.Load(parameters, graph, file, new LoadOptions { AllowHeadMismatch = true }));
        Assert.Contains("legacy_seresnet50", error.Message);
    }

    [Fact]
    public void Load_TimmsMobileNetWithAnotherHead_FitsForFineTuning()
    {
        Graph graph = Network("mobilenet_v2", 5);
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        Graph published = Network("mobilenet_v2", 7);
        WeightDialect timm = WeightDialects.Of("mobilenet_v2")[0];
        LoadReport report = WeightLoader.Load(
            parameters, graph, MemoryWeights.Of("timm.pth", published, timm.FileName), new LoadOptions { AllowHeadMismatch = true });
        Assert.Equal(["classifier.1.weight", "classifier.1.bias"], report.ShapeMismatches.Select(m => m.Name));
        Assert.Empty(report.Missing);
    }

    [Fact]
    public void Load_AveragedModel_IgnoresItsCounter()
    {
        Graph graph = Network("resnet18");
        MemoryWeights file = MemoryWeights.Of("ema.pth", graph, name => "module." + name);
        file.Add("n_averaged", []);
        Assert.True(WeightLoader.Compare(graph, file).IsComplete);
    }

    private void AssertLoads(Graph graph, Func<string, string> rename, string? example = null)
    {
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        MemoryWeights file = MemoryWeights.Of("renamed.pth", graph, rename);
        if (example is not null)
        {
            Assert.Contains(file.Entries, e => e.Name.EndsWith(example));
        }

        LoadReport report = WeightLoader.Load(parameters, graph, file);
        Assert.True(report.IsComplete);
        Assert.Equal(graph.Parameters.Select(p => p.Name), report.Loaded);
        Assert.All(graph.Parameters, p => Assert.Equal(FormulaValues.Of(p), parameters.Export(p.Name)));
    }

    private static Graph Network(string name, int classes = 10) => NetworkRegistry.Default.Get(name).Build(new NetworkOptions { Classes = classes });

    private sealed class Declared(string file, IEnumerable<WeightEntry> entries) : IWeightSource
    {
        public string File => file;

        public IReadOnlyList<WeightEntry> Entries { get; } = [.. entries];

        public void Read(string name, Span<float> values) => throw new NotSupportedException();
    }
}
