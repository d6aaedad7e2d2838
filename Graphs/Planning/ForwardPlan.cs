namespace MLClassify.Graphs.Planning;

/// <summary>Which storage each node's values take, given when they are last read.</summary>
internal sealed class ForwardPlan
{
    /// <summary>Assigns storages to the values of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="lastUse">For each node, the last time at which its values are read; forward time is the node's index.</param>
    public ForwardPlan(Graph graph, int maxBatch, int[] lastUse)
    {
        int count = graph.Nodes.Count;
        Values = new Storage[count];
        var tenants = new Dictionary<Storage, List<int>>();
        foreach (Node node in graph.Nodes)
        {
            Storage storage = Reuse(node, lastUse, tenants) ?? new Storage((long)maxBatch * node.Shape.Count, node.Index);
            storage.Use(node.Index);
            storage.Use(lastUse[node.Index]);
            Values[node.Index] = storage;
            if (!tenants.TryGetValue(storage, out List<int>? list))
            {
                tenants[storage] = list = [];
            }

            list.Add(node.Index);
        }

        // The caller writes the input before anything runs.
        Values[0].Use(-1);
    }

    /// <summary>The storage of each node's values.</summary>
    public Storage[] Values { get; }

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

    private Storage? Reuse(Node node, int[] lastUse, Dictionary<Storage, List<int>> tenants)
    {
        if (node.Operator.IsView)
        {
            return Values[node.Inputs[0].Index];
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Storage candidate = Values[node.Inputs[i].Index];
            bool free = candidate != Values[0] && tenants[candidate].TrueForAll(tenant => lastUse[tenant] <= node.Index);
            if (free && node.Operator.CanOverwriteInput(i))
            {
                return candidate;
            }
        }

        return null;
    }
}
