using MLClassify.Graphs.Operators;
using MLClassify.Graphs.Rewriting;

namespace MLClassify.Graphs.Tests.Rewriting;

public class InferenceRewritingTests
{
    [Fact]
    public void Of_ResidualBlock_IsOneConvolutionEach()
    {
        var b = GraphBuilder.For("residual", new Shape(8, 8, 4));
        Node x = b.Relu(b.BatchNorm(b.Convolution(b.Input, "conv1", 4, 3, padding: 1, bias: false), "norm1"), "relu1");
        x = b.Relu(b.Add(b.BatchNorm(b.Convolution(x, "conv2", 4, 3, padding: 1), "norm2"), b.Input, "sum"), "relu2", 6);
        Graph graph = b.Build(b.Linear(b.Dropout(b.GlobalAveragePool(x, "pool"), "drop", 0.5f), "fc", 3));

        var rewriting = InferenceRewriting.Of(graph);

        Assert.Equal(["input", "conv1", "conv2", "pool", "fc"], rewriting.Graph.Nodes.Select(n => n.Name));
        Assert.Equal(["conv1.bias", "conv2.bias"], rewriting.Folds.Select(f => f.Bias.Name));
        Assert.Equal(["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias"], rewriting.Graph.Parameters.Select(p => p.Name));
        Assert.Equal((6f, 2), (((ConvolutionOperator)rewriting.Graph.Nodes[2].Operator).ReluMax, rewriting.Graph.Nodes[2].Inputs.Count));
    }

    [Fact]
    public void Of_MapThatOthersReadToo_StaysNormalizedByItself()
    {
        var b = GraphBuilder.For("shared", new Shape(4, 4, 2));
        Node x = b.Convolution(b.Input, "conv", 2, 1);
        Graph graph = b.Build(b.Add(b.BatchNorm(x, "norm"), x, "sum"));

        Assert.Empty(InferenceRewriting.Of(graph).Folds);
    }

    [Fact]
    public void Fold_Statistics_GiveTheNormalizedProduct()
    {
        var b = GraphBuilder.For("one", new Shape(1, 1, 1));
        Graph graph = b.Build(b.BatchNorm(b.Convolution(b.Input, "conv", 1, 1), "norm"));
        FoldedConvolution fold = Assert.Single(InferenceRewriting.Of(graph).Folds);
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["conv.bias"] = [0.5f],
            ["norm.weight"] = [3],
            ["norm.bias"] = [-1],
            ["norm.running_mean"] = [2],
            ["norm.running_var"] = [4],
        };
        float[] bias = new float[1];

        double factor = Assert.Single(fold.Fold(p => values[p.Name], bias));

        // (w x + 0.5 - 2) / sqrt(4 + epsilon) * 3 - 1.
        double expected = 3 / Math.Sqrt(4 + (double)((BatchNormOperator)graph.Output.Operator).Epsilon);
        Assert.Equal(expected, factor, 1e-12);
        Assert.Equal((-1.5 * expected) - 1, bias[0], 1e-6);
    }
}
