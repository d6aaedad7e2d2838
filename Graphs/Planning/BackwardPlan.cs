namespace MLClassify.Graphs.Planning;

/// <summary>How one input's gradient is made.</summary>
/// <param name="Target">Where it goes; null when nobody wants it.</param>
/// <param name="Accumulate">Whether to add to what is there.</param>
/// <param name="CopyFrom">What is copied to the target first, because its old place is still read by others; or null.</param>
/// <param name="IsAlias">Whether the gradient is the output's gradient itself, so that nothing is done.</param>
internal readonly record struct GradientRoute(Storage? Target, bool Accumulate, Storage? CopyFrom, bool IsAlias);

/// <summary>
/// Where gradients lie and in which steps they are made. A gradient with several sources is written by the first and added to by the
/// rest; a sum passes its gradient on without copying, until somebody has to write where others still read.
/// </summary>
internal sealed class BackwardPlan
{
    private readonly Graph _graph;
    private readonly int _maxBatch;
    private readonly Dictionary<Storage, HashSet<int>> _pending = [];

    /// <summary>Plans the backward pass.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="wants">For each node, whether anything before it, or it, is trained.</param>
    public BackwardPlan(Graph graph, int maxBatch, bool[] wants)
    {
        _graph = graph;
        _maxBatch = maxBatch;
        int count = graph.Nodes.Count;
        Outputs = new Storage?[count];
        Routes = new GradientRoute[count][];
        Outputs[graph.Output.Index] = Own(graph.Output.Index, new Storage((long)maxBatch * graph.Output.Shape.Count, count));
        for (int index = count - 1; index > 0; index--)
        {
            Node node = graph.Nodes[index];
            Routes[index] = new GradientRoute[node.Inputs.Count];
            if (Outputs[index] is { } gradient && wants[index])
            {
                gradient.Use(TimeOf(index));
                for (int i = 0; i < node.Inputs.Count; i++)
                {
                    if (wants[node.Inputs[i].Index])
                    {
                        Routes[index][i] = Route(node, i, gradient);
                    }
                }

                _pending[gradient].Remove(index);
            }
        }
    }

    /// <summary>The storage of each node's output gradient when its backward step begins; null when it has none.</summary>
    public Storage?[] Outputs { get; }

    /// <summary>For each node and input, how the gradient is made.</summary>
    public GradientRoute[][] Routes { get; }

    /// <summary>All storages.</summary>
    public IEnumerable<Storage> Storages => _pending.Keys;

    /// <summary>The time of a node's backward step, after all forward steps and the loss.</summary>
    public int TimeOf(int node) => (2 * _graph.Nodes.Count) - node;

    private GradientRoute Route(Node node, int i, Storage gradient)
    {
        int input = node.Inputs[i].Index;
        int time = TimeOf(node.Index);
        Storage? existing = Outputs[input];
        if (existing is null)
        {
            bool mayShare = node.Operator.PassesGradient || (node.Operator.GradientCanOverwrite(i) && OnlyReader(gradient, node.Index));
            Storage target = mayShare ? gradient : new Storage((long)_maxBatch * node.Inputs[i].Shape.Count, time);
            Outputs[input] = Own(input, target);
            return new GradientRoute(target, false, null, node.Operator.PassesGradient);
        }

        existing.Use(time);
        bool elementwise = node.Operator.PassesGradient || node.Operator.GradientCanOverwrite(i);

        // A sum reads its own gradient once for each input: only the last may change it.
        bool lastReader = elementwise && i == node.Inputs.Count - 1;
        bool readByOthers = _pending[existing].Any(reader => reader != input && !(lastReader && reader == node.Index));
        if (!readByOthers)
        {
            return new GradientRoute(existing, true, null, false);
        }

        var moved = new Storage(existing.Length, time);
        _pending[existing].Remove(input);
        Outputs[input] = Own(input, moved);
        return new GradientRoute(moved, true, existing, false);
    }

    private bool OnlyReader(Storage storage, int node) => _pending[storage].All(reader => reader == node);

    private Storage Own(int node, Storage storage)
    {
        if (!_pending.TryGetValue(storage, out HashSet<int>? readers))
        {
            _pending[storage] = readers = [];
        }

        readers.Add(node);
        storage.Use(TimeOf(node));
        return storage;
    }
}
