using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Passes;

/// <summary>
/// Rewrites concatenations that begin, end or go on with all the maps of an earlier one to read that one instead: <c>[a, b]</c>,
/// <c>[a, b, c]</c>, <c>[a, b, c, d]</c> become a chain, each the first channels of the next, and can lie at one place.
/// </summary>
internal static class ChainConcatenations
{
    /// <summary>Rewrites a graph; one without such concatenations comes back as it is.</summary>
    public static Graph Run(Graph source)
    {
        var chains = new Dictionary<Node, List<Node>>();
        var concatenations = new List<Node>();
        foreach (Node node in source.Nodes.Where(n => n.Operator is ConcatOperator))
        {
            if (Shorten(node, concatenations) is { } inputs)
            {
                chains[node] = inputs;
            }

            concatenations.Add(node);
        }

        return chains.Count == 0 ? source : Rebuild(source, chains);
    }

    // The longest earlier one first; what it stands for cannot be taken again.
    private static List<Node>? Shorten(Node node, List<Node> earlier)
    {
        List<Node> inputs = [.. node.Inputs];
        foreach (Node other in earlier.OrderByDescending(n => n.Inputs.Count).ThenByDescending(n => n.Index))
        {
            int length = other.Inputs.Count;
            for (int start = 0; start + length <= inputs.Count && inputs.Count > length; start++)
            {
                if (inputs.Skip(start).Take(length).SequenceEqual(other.Inputs))
                {
                    inputs.RemoveRange(start, length);
                    inputs.Insert(start, other);
                    break;
                }
            }
        }

        return inputs.Count < node.Inputs.Count ? inputs : null;
    }

    private static Graph Rebuild(Graph source, Dictionary<Node, List<Node>> chains)
    {
        var builder = GraphBuilder.For(source.Name, source.Input.Shape);
        var copies = new Dictionary<Node, Node> { [source.Input] = builder.Input };
        foreach (Node node in source.Nodes.Skip(1))
        {
            IEnumerable<Node> inputs = chains.TryGetValue(node, out List<Node>? chain) ? chain : node.Inputs;
            copies[node] = builder.Append(node.Name, node.Operator, [.. inputs.Select(n => copies[n])], node.Parameters);
        }

        return builder.Build(copies[source.Output], copies[source.Features]);
    }
}
