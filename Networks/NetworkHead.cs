using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Networks;

/// <summary>Finds and replaces a network's head.</summary>
internal static class NetworkHead
{
    /// <summary>
    /// The network with its last layer replaced by a linear one for other classes, <c>[N, 1, 1, F]</c> to <c>[N, 1, 1, classes]</c>. The
    /// last layer is a matrix, or a convolution whose map is pooled into logits, in place of which the map before it is averaged. What
    /// stands after it, such as ReLU, goes. The new layer has the old one's name.
    /// </summary>
    /// <param name="graph">The network.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="dropout">The share of the features that is dropped in training; the network's own when null.</param>
    /// <returns>A graph whose features are what the new layer reads, before dropout.</returns>
    /// <exception cref="ArgumentException">The network does not end in such a layer.</exception>
    public static Graph Replace(Graph graph, int classes, float? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (classes is < 1 or > NetworkOptions.MaximumClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, FormattableString.Invariant($"1 to {NetworkOptions.MaximumClasses}"));
        }

        Node layer = LastLayer(graph.Output)
            ?? throw new ArgumentException($"The network '{graph.Name}' does not end in a linear layer or a convolution that could be replaced.", nameof(graph));
        (Node source, float own) = BeforeDropout(layer.Inputs[0]);
        GraphBuilder builder = GraphBuilder.For(graph.Name, graph.Input.Shape);
        Node features = builder.CopyRange(graph, graph.Input, source);
        if (!features.Shape.IsVector)
        {
            features = builder.GlobalAveragePool(features, layer.Name + ".pool");
        }

        float share = dropout ?? own;
        Node vector = share > 0 ? builder.Dropout(features, layer.Name + ".dropout", share) : features;
        return builder.Build(builder.Linear(vector, layer.Name, classes), features);
    }

    /// <summary>The input of a network's last layer, before dropout; null when the network does not end in such a layer.</summary>
    /// <param name="output">The network's output.</param>
    public static Node? FeaturesOf(Node output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return LastLayer(output) is { } layer ? BeforeDropout(layer.Inputs[0]).Source : null;
    }

    private static Node? LastLayer(Node output)
    {
        Node node = output;
        while (node.Operator is ReluOperator or SigmoidOperator or DropoutOperator or FlattenOperator or AdaptiveAveragePoolOperator or AveragePoolOperator)
        {
            node = node.Inputs[0];
        }

        return node.Operator is LinearOperator or ConvolutionOperator { Groups: 1 } ? node : null;
    }

    private static (Node Source, float Dropout) BeforeDropout(Node node)
    {
        float dropped = 0;
        Node source = node;
        while (source.Operator is DropoutOperator { Probability: var probability })
        {
            dropped = dropped == 0 ? probability : dropped + ((1 - dropped) * probability);
            source = source.Inputs[0];
        }

        return (source, dropped);
    }
}
