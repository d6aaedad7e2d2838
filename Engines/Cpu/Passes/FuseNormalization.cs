using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Passes;

/// <summary>
/// Rewrites a graph so that activations are touched less often: a batch normalization takes the sum and ReLU after it into
/// its own pass. Parameters and results stay the same.
/// </summary>
internal static class FuseNormalization
{
    /// <summary>Rewrites a graph.</summary>
    public static Graph Run(Graph source)
    {
        var users = source.Nodes.Select(_ => new List<Node>()).ToArray();
        foreach (Node node in source.Nodes)
        {
            foreach (Node input in node.Inputs)
            {
                users[input.Index].Add(node);
            }
        }

        Node? OnlyUser(Node node) => node != source.Output && users[node.Index].Count == 1 ? users[node.Index][0] : null;
        var builder = GraphBuilder.For(source.Name, source.Input.Shape);
        var copies = new Dictionary<Node, Node> { [source.Input] = builder.Input };
        var ends = new Dictionary<Node, (Node Norm, Node? Residual, float? Ceiling)>();
        var absorbed = new HashSet<Node>();
        foreach (Node norm in source.Nodes.Where(n => n.Operator is BatchNormOperator { AddsResidual: false, ReluMax: null }))
        {
            Node last = norm;
            Node? residual = null;
            float? ceiling = null;
            // A map that is both normalized and added would have two gradients made in one pass and one place: such a sum stays by itself.
            if (OnlyUser(last) is { Operator: AddOperator } sum && !absorbed.Contains(sum) && Other(sum, last) != norm.Inputs[0])
            {
                residual = Other(sum, last);
                absorbed.Add(last);
                last = sum;
            }

            if (OnlyUser(last) is { Operator: ReluOperator relu } rectifier)
            {
                ceiling = relu.Max;
                absorbed.Add(last);
                last = rectifier;
            }

            absorbed.Add(last);
            ends[last] = (norm, residual, ceiling);
        }

        foreach (Node node in source.Nodes.Skip(1))
        {
            if (ends.TryGetValue(node, out (Node Norm, Node? Residual, float? Ceiling) end))
            {
                var fused = (BatchNormOperator)end.Norm.Operator with { AddsResidual = end.Residual is not null, ReluMax = end.Ceiling };
                Node x = copies[end.Norm.Inputs[0]];
                copies[node] = builder.Append(end.Norm.Name, fused, end.Residual is null ? [x] : [x, copies[end.Residual]], end.Norm.Parameters);
            }
            else if (!absorbed.Contains(node))
            {
                copies[node] = builder.Append(node.Name, node.Operator, [.. node.Inputs.Select(n => copies[n])], node.Parameters);
            }
        }

        return builder.Build(copies[source.Output]);
    }

    private static Node Other(Node sum, Node summand) => sum.Inputs[0] == summand ? sum.Inputs[1] : sum.Inputs[0];
}
