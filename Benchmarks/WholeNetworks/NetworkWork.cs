using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.Benchmarks.WholeNetworks;

/// <summary>
/// The arithmetic of a network, counted from its graph: multiplications and additions of convolutions and linear layers, as the field
/// counts them. An algorithm that does with fewer (Winograd) is still told by these.
/// </summary>
internal static class NetworkWork
{
    /// <summary>Operations for one image.</summary>
    /// <param name="graph">The whole network.</param>
    /// <param name="mode">What is done with it.</param>
    public static long Flops(Graph graph, NetworkMode mode) => mode switch
    {
        NetworkMode.Infer => 2 * NetworkSummary.Of(graph).MultiplyAdds,
        NetworkMode.Frozen => 2 * NetworkSummary.Of(graph.UpTo(graph.Features)).MultiplyAdds,
        _ => Training(graph),
    };

    // Each of the gradients, of the filters and of the input, is as much work as the forward pass; nobody wants the image's gradient.
    private static long Training(Graph graph)
    {
        NetworkSummary summary = NetworkSummary.Of(graph);
        long first = graph.Nodes.Where(node => node.Inputs.Contains(graph.Input)).Sum(node => summary.Rows[node.Index].MultiplyAdds);
        return 2 * ((3 * summary.MultiplyAdds) - first);
    }
}
