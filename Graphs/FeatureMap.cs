using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs;

/// <summary>Finds the feature map that best localizes what a network classifies.</summary>
internal static class FeatureMap
{
    /// <summary>
    /// The last map before a network's features are pooled: of the nodes that the features are computed from, the last one that has more
    /// than one position, that all paths from the image to the features lead through, and that is not merely an earlier map pooled,
    /// flattened or thinned out. In a ResNet or DenseNet that is the last ReLU before the global average, in VGG and AlexNet the one
    /// before the last pooling, in SqueezeNet the last fire module.
    /// </summary>
    /// <remarks>
    /// Where no such node has all paths through it (a network that pools two maps), it is the last map that is not pooled. The paths matter
    /// with small inputs, where the last map of more than one position may lie inside a residual block and tell half of the story.
    /// </remarks>
    /// <param name="graph">The network.</param>
    /// <exception cref="ArgumentException">The network has no map but its input.</exception>
    public static Node LastOf(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        bool[] needed = NeededFor(graph.Features);
        Node? last = null;

        // In the graph's order, all paths lead through a node if and only if no edge jumps over it.
        int reach = graph.Features.Index;
        for (int index = graph.Features.Index; index > 0; index--)
        {
            Node node = graph.Nodes[index];
            if (!needed[index])
            {
                continue;
            }

            if (IsMap(node))
            {
                last ??= node;
                if (reach >= index)
                {
                    return node;
                }
            }

            reach = Math.Min(reach, node.Inputs.Min(input => input.Index));
        }

        return last ?? throw new ArgumentException($"The network '{graph.Name}' has no map of more than one position.", nameof(graph));
    }

    private static bool[] NeededFor(Node end)
    {
        bool[] needed = new bool[end.Index + 1];
        var pending = new Stack<Node>([end]);
        while (pending.TryPop(out Node? node))
        {
            if (!needed[node.Index])
            {
                needed[node.Index] = true;
                foreach (Node input in node.Inputs)
                {
                    pending.Push(input);
                }
            }
        }

        return needed;
    }

    private static bool IsMap(Node node) => node.Shape.Pixels > 1
        && node.Operator is not (MaxPoolOperator or AveragePoolOperator or AdaptiveAveragePoolOperator or DropoutOperator or PadChannelsOperator);
}
