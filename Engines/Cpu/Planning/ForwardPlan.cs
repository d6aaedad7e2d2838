using MLClassify.Engines.Cpu.Operators;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Planning;

/// <summary>Where each node's values lie, given when they are last read.</summary>
internal sealed class ForwardPlan
{
    private readonly int _maxBatch;
    private readonly MicroBatchPlan _parts;
    private readonly int[] _lastUse;
    private readonly InPlaceConcat _hosts;
    private readonly BufferSlice?[] _places;
    private readonly Dictionary<BufferLifetime, List<int>> _aliases = [];
    private readonly HashSet<BufferLifetime> _concatenated = [];

    /// <summary>Assigns places to the values of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="lastUse">For each node, the last time at which its values are read; forward time is the node's index.</param>
    /// <param name="parts">What runs for a part of the batch at a time.</param>
    /// <param name="copyConcatenated">Whether maps that are concatenated have storages of their own.</param>
    public ForwardPlan(Graph graph, int maxBatch, int[] lastUse, MicroBatchPlan parts = default, bool copyConcatenated = false)
    {
        _maxBatch = maxBatch;
        _parts = parts;
        _lastUse = lastUse;
        _hosts = new InPlaceConcat(graph, lastUse, copyConcatenated);
        _places = new BufferSlice?[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            BufferLifetime storage = Find(node).Lifetime;
            storage.Use(node.Index);
            storage.Use(lastUse[node.Index]);
            if (!_aliases.TryGetValue(storage, out List<int>? list))
            {
                _aliases[storage] = list = [];
            }

            list.Add(node.Index);
            if (_hosts[node] is not null)
            {
                _concatenated.Add(storage);
            }
        }

        Values = [.. _places.Select(place => place!.Value)];

        // The caller writes the input before anything runs.
        Values[0].Lifetime.Use(-1);

        // Each part reads its samples of the input, and leaves its samples of the last node beside those of the parts before.
        Values[0].Lifetime.Use(parts.LastNode);
        Values[parts.LastNode].Lifetime.Use(Math.Min(1, parts.LastNode));
    }

    /// <summary>The place of each node's values.</summary>
    public BufferSlice[] Values { get; }

    /// <summary>All storages.</summary>
    public IEnumerable<BufferLifetime> Storages => _aliases.Keys;

    /// <summary>For each node the last forward step that reads its values; the output is read when all is done.</summary>
    public static int[] ForwardUses(Graph graph)
    {
        int[] lastUse = new int[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            lastUse[node.Index] = node.Index;
            foreach (Node input in node.Inputs)
            {
                lastUse[input.Index] = node.Index;
            }
        }

        lastUse[graph.Output.Index] = int.MaxValue;
        return lastUse;
    }

    // A host comes after what it holds, so the place of a concatenation may be found before its turn.
    private BufferSlice Find(Node node)
    {
        BufferSlice place = _places[node.Index] ?? (_hosts[node] is { } host ? Find(host.Node).From(host.Channel) : Reuse(node) ?? New(node));
        _places[node.Index] = place;
        return place;
    }

    private BufferSlice New(Node node)
    {
        bool inParts = node.Index > 0 && node.Index < _parts.LastNode;
        int batch = inParts ? _parts.Samples : _maxBatch;
        BufferSlice place = node.Operator is ConcatOperator && !_hosts.MustBeDense(node)
            ? BufferSlice.NewShared(batch, node.Shape, node.Index)
            : BufferSlice.NewDense(batch, node.Shape, node.Index);
        place.Lifetime.HoldsPart = inParts;
        return place;
    }

    private BufferSlice? Reuse(Node node)
    {
        if (node.Computation.IsView)
        {
            return _places[node.Inputs[0].Index]!.Value.Reshaped(node.Shape);
        }

        // What the last node in parts overwrote would hold one part only.
        for (int i = 0; i < node.Inputs.Count && node.Index != _parts.LastNode; i++)
        {
            if (node.Computation.CanOverwriteInput(i) && _places[node.Inputs[i].Index] is { } candidate && IsFree(candidate.Lifetime, node))
            {
                return candidate;
            }
        }

        return null;
    }

    // What is concatenated stays as it is, and so does the caller's input.
    private bool IsFree(BufferLifetime candidate, Node node) =>
        !_concatenated.Contains(candidate) && _aliases[candidate].TrueForAll(tenant => tenant != 0 && _lastUse[tenant] <= node.Index);
}
