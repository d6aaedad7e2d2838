using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

public class ParameterGroupsTests
{
    [Theory]
    [InlineData("layer1.0.conv1.weight", "layer1.0")]
    [InlineData("conv1.weight", "conv1")]
    [InlineData("features.denseblock1.denselayer2.norm1.bias", "features.denseblock1")]
    [InlineData("features.0.weight", "features.0")]
    [InlineData("weight", "weight")]
    public void BlockOf_Names_AreTheFirstTwoParts(string name, string block) => Assert.Equal(block, ParameterGroups.BlockOf(name));

    [Fact]
    public void Create_LayerDecay_LowersTheRateFromBlockToBlock()
    {
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(new NetworkOptions { Classes = 3, InputHeight = 16, InputWidth = 16 });
        Parameter[] trained = [.. graph.Parameters.Where(p => p.IsTrainable)];
        FineTuneOptions options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, LearningRate = 1, Optimizer = new() { BackboneLearningRate = 0.5, LayerDecay = 0.5, WeightDecay = 0.1 }, TrainableLayers = TrainableLayers.All }.Resolve();

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Create(trained, graph, options);
        double RateOf(string name) => groups.Single(g => g.Parameters.Any(p => p.Name == name)).LearningRate;
        double DecayOf(string name) => groups.Single(g => g.Parameters.Any(p => p.Name == name)).WeightDecay;

        // Blocks in order: stage1.conv, stage1.norm, stage2.conv, stage2.norm.
        Assert.Equal([0.0625, 0.125, 0.25, 0.5, 1], new[] { "stage1.conv.weight", "stage1.norm.weight", "stage2.conv.weight", "stage2.norm.weight", "fc.weight" }.Select(RateOf));
        Assert.Equal([0.1, 0, 0.1, 0], new[] { "stage1.conv.weight", "stage1.norm.weight", "fc.weight", "fc.bias" }.Select(DecayOf));
        Assert.Equal(trained.Length, groups.Sum(g => g.Parameters.Count));
    }
}
