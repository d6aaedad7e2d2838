using MLClassify.Engines.Cpu.Operators;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Planning;

/// <summary>A node whose storage holds another's values, and the channel at which they begin.</summary>
/// <param name="Node">The concatenation, or what is computed in place before it.</param>
/// <param name="Channel">The first channel.</param>
internal readonly record struct ConcatHost(Node Node, int Channel);

/// <summary>
/// Which nodes write their values straight into a concatenation that reads them. Everything else that is concatenated is copied: the
/// graph's input and output, which callers see as dense; maps that are flattened, which must be dense, too; and a map that is
/// concatenated a second time, since it can lie at one place only (the last concatenation gets it). A concatenation may itself be a slice
/// of a wider one: the growing maps of a dense block are the first channels of its last.
/// </summary>
internal sealed class InPlaceConcat
{
    private readonly Graph _graph;
    private readonly bool _copy;
    private readonly ConcatHost?[] _hosts;
    private readonly bool[] _flattened;

    /// <summary>Finds the hosts of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="lastUse">For each node, the last time at which its values are read; forward time is the node's index.</param>
    /// <param name="copy">Whether nothing is hosted.</param>
    public InPlaceConcat(Graph graph, int[] lastUse, bool copy)
    {
        _graph = graph;
        _copy = copy;
        _hosts = new ConcatHost?[graph.Nodes.Count];
        _flattened = new bool[graph.Nodes.Count];
        foreach (Node view in graph.Nodes.Where(n => n.Computation.IsView))
        {
            _flattened[view.Inputs[0].Index] = true;
        }

        for (int index = graph.Nodes.Count - 1; index > 0; index--)
        {
            Node node = graph.Nodes[index];
            if (node.Operator is ConcatOperator)
            {
                HostInputs(node);
            }
            else if (_hosts[index] is not null)
            {
                HostOverwritten(node, lastUse);
            }
        }
    }

    /// <summary>Where a node's values lie, or null when they have a storage of their own.</summary>
    public ConcatHost? this[Node node] => _hosts[node.Index];

    /// <summary>Whether a node's values lie without gaps, because somebody needs them so.</summary>
    public bool MustBeDense(Node node) => _copy || node == _graph.Input || node == _graph.Output || _flattened[node.Index];

    private void HostInputs(Node concat)
    {
        int channel = 0;
        foreach (Node input in concat.Inputs)
        {
            if (CanMove(input))
            {
                _hosts[input.Index] = new ConcatHost(concat, channel);
            }

            channel += input.Shape.Channels;
        }
    }

    // A convolution's output that ReLU overwrites lies where ReLU's does. Not a concatenation: its parts may live longer.
    private void HostOverwritten(Node node, int[] lastUse)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Node input = node.Inputs[i];
            if (node.Computation.CanOverwriteInput(i) && CanMove(input) && input.Operator is not ConcatOperator && lastUse[input.Index] <= node.Index)
            {
                _hosts[input.Index] = new ConcatHost(node, 0);
                return;
            }
        }
    }

    private bool CanMove(Node node) => !MustBeDense(node) && !node.Computation.IsView && _hosts[node.Index] is null;
}
