using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Planning;

/// <summary>Where each node's values lie, given when they are last read.</summary>
internal sealed class ForwardPlan
{
    private readonly int _maxBatch;
    private readonly PartPlan _parts;
    private readonly int[] _lastUse;
    private readonly ConcatHosts _hosts;
    private readonly Place?[] _places;
    private readonly Dictionary<Storage, List<int>> _tenants = [];
    private readonly HashSet<Storage> _concatenated = [];

    /// <summary>Assigns places to the values of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="lastUse">For each node, the last time at which its values are read; forward time is the node's index.</param>
    /// <param name="parts">What runs for a part of the batch at a time.</param>
    /// <param name="copyConcatenated">Whether maps that are concatenated have storages of their own.</param>
    public ForwardPlan(Graph graph, int maxBatch, int[] lastUse, PartPlan parts = default, bool copyConcatenated = false)
    {
        _maxBatch = maxBatch;
        _parts = parts;
        _lastUse = lastUse;
        _hosts = new ConcatHosts(graph, lastUse, copyConcatenated);
        _places = new Place?[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            Storage storage = Find(node).Storage;
            storage.Use(node.Index);
            storage.Use(lastUse[node.Index]);
            if (!_tenants.TryGetValue(storage, out List<int>? list))
            {
                _tenants[storage] = list = [];
            }

            list.Add(node.Index);
            if (_hosts[node] is not null)
            {
                _concatenated.Add(storage);
            }
        }

        Values = [.. _places.Select(place => place!.Value)];

        // The caller writes the input before anything runs.
        Values[0].Storage.Use(-1);

        // Each part reads its samples of the input, and leaves its samples of the last node beside those of the parts before.
        Values[0].Storage.Use(parts.LastNode);
        Values[parts.LastNode].Storage.Use(Math.Min(1, parts.LastNode));
    }

    /// <summary>The place of each node's values.</summary>
    public Place[] Values { get; }

    /// <summary>All storages.</summary>
    public IEnumerable<Storage> Storages => _tenants.Keys;

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
    private Place Find(Node node)
    {
        Place place = _places[node.Index] ?? (_hosts[node] is { } host ? Find(host.Node).From(host.Channel) : Reuse(node) ?? New(node));
        _places[node.Index] = place;
        return place;
    }

    private Place New(Node node)
    {
        bool inParts = node.Index > 0 && node.Index < _parts.LastNode;
        int batch = inParts ? _parts.Samples : _maxBatch;
        Place place = node.Operator is ConcatOperator && !_hosts.MustBeDense(node)
            ? Place.NewShared(batch, node.Shape, node.Index)
            : Place.NewDense(batch, node.Shape, node.Index);
        place.Storage.HoldsPart = inParts;
        return place;
    }

    private Place? Reuse(Node node)
    {
        if (node.Operator.IsView)
        {
            return _places[node.Inputs[0].Index]!.Value.Reshaped(node.Shape);
        }

        // What the last node in parts overwrote would hold one part only.
        for (int i = 0; i < node.Inputs.Count && node.Index != _parts.LastNode; i++)
        {
            if (node.Operator.CanOverwriteInput(i) && _places[node.Inputs[i].Index] is { } candidate && IsFree(candidate.Storage, node))
            {
                return candidate;
            }
        }

        return null;
    }

    // What is concatenated stays as it is, and so does the caller's input.
    private bool IsFree(Storage candidate, Node node) =>
        !_concatenated.Contains(candidate) && _tenants[candidate].TrueForAll(tenant => tenant != 0 && _lastUse[tenant] <= node.Index);
}
