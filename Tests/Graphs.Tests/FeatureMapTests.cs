using MLClassify.Testing.Engines;

namespace MLClassify.Graphs.Tests;

public class FeatureMapTests
{
    [Fact]
    public void LastOf_PooledFeatures_IsTheRectifierBefore() => Assert.Equal("block.relu2", FeatureMap.LastOf(TestNetworks.Residual()).Name);

    [Fact]
    public void LastOf_FlattenedMap_IsTheMapBeforeItsPooling()
    {
        var b = GraphBuilder.For("tested", new Shape(16, 16, 3));
        Node x = b.Relu(b.Convolution(b.Input, "conv", 8, 3, 1, 1), "relu");
        x = b.AdaptiveAveragePool(b.MaxPool(x, "max", 2, 2), "adaptive", 6, 6);
        Node features = b.Relu(b.Linear(b.Dropout(x, "dropout"), "fc1", 10), "relu1");

        Assert.Equal("relu", FeatureMap.LastOf(b.Build(b.Linear(features, "fc2", 3), features)).Name);
    }

    [Fact]
    public void LastOf_MapAsFeatures_IsThatMap()
    {
        var b = GraphBuilder.For("tested", new Shape(8, 8, 3));
        Node left = b.Relu(b.Convolution(b.Input, "left", 8, 1), "left_relu");
        Node fire = b.Concat([left, b.Relu(b.Convolution(b.Input, "right", 8, 3, 1, 1), "right_relu")], "fire");
        Node head = b.GlobalAveragePool(b.Relu(b.Convolution(b.Dropout(fire, "dropout"), "head", 3, 1), "head_relu"), "pool");

        Assert.Equal("fire", FeatureMap.LastOf(b.Build(head, fire)).Name);
    }

    // The block's first convolution still has four positions, its shortcut goes around it: all paths meet in the block before.
    [Fact]
    public void LastOf_LastPositionsInsideABlock_IsTheBlockBefore()
    {
        var b = GraphBuilder.For("tested", new Shape(2, 2, 3));
        Node x = b.Relu(b.Convolution(b.Input, "stem", 8, 3, 1, 1), "stem_relu");
        Node inner = b.Relu(b.Convolution(x, "conv1", 8, 1), "relu1");
        Node y = b.Convolution(inner, "conv2", 8, 3, 2, 1);
        Node sum = b.Relu(b.Add(y, b.Convolution(x, "down", 8, 1, 2), "sum"), "relu2");
        Node features = b.GlobalAveragePool(sum, "pool");

        Assert.Equal("stem_relu", FeatureMap.LastOf(b.Build(b.Linear(features, "fc", 3), features)).Name);
    }

    [Fact]
    public void LastOf_TwoPooledMaps_IsTheLast()
    {
        var b = GraphBuilder.For("tested", new Shape(8, 8, 3));
        Node first = b.Convolution(b.Input, "first", 4, 3, 1, 1);
        Node second = b.Convolution(b.Input, "second", 4, 3, 2, 1);
        Node features = b.Concat([b.GlobalAveragePool(first, "pool1"), b.GlobalAveragePool(second, "pool2")], "concat");

        Assert.Equal("second", FeatureMap.LastOf(b.Build(b.Linear(features, "fc", 3), features)).Name);
    }

    [Fact]
    public void LastOf_NoMap_SaysSo()
    {
        var b = GraphBuilder.For("matrix", new Shape(8, 8, 3));

        var error = Assert.Throws<ArgumentException>(() => FeatureMap.LastOf(b.Build(b.Linear(b.Input, "fc", 3))));
        Assert.Contains("'matrix' has no map", error.Message, StringComparison.Ordinal);
    }
}
