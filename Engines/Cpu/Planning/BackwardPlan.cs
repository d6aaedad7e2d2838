using MLClassify.Engines.Cpu.Operators;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Planning;

/// <summary>How one input's gradient is made.</summary>
/// <param name="Target">The destination; null when the gradient is not needed.</param>
/// <param name="Accumulate">Whether to add to what is there.</param>
/// <param name="CopyFrom">What is copied to the target first, because its old place is still read by others; or null.</param>
/// <param name="IsAlias">Whether the gradient is the output's gradient itself, or a slice of it, so that nothing is done.</param>
internal readonly record struct GradientRoute(BufferSlice? Target, bool Accumulate, BufferSlice? CopyFrom, bool IsAlias);

/// <summary>
/// Where gradients lie and in which steps they are made. A gradient with several sources is written by the first and added to by the
/// rest; a sum passes its gradient on without copying, and a concatenation a slice of its own to each input, until somebody has to write
/// where others still read.
/// </summary>
internal sealed class BackwardPlan
{
    private readonly Graph _graph;
    private readonly int _maxBatch;
    private readonly bool _copyConcatenated;

    // For each storage, the nodes that have still to read their output's gradient there, and where.
    private readonly Dictionary<BufferLifetime, Dictionary<int, BufferSlice>> _pending = [];

    /// <summary>Plans the backward pass.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="wants">For each node, whether anything before it, or it, is trained.</param>
    /// <param name="copyConcatenated">Whether maps that are concatenated have gradients of their own.</param>
    public BackwardPlan(Graph graph, int maxBatch, bool[] wants, bool copyConcatenated = false)
    {
        _graph = graph;
        _maxBatch = maxBatch;
        _copyConcatenated = copyConcatenated;
        int count = graph.Nodes.Count;
        Outputs = new BufferSlice?[count];
        Routes = new GradientRoute[count][];
        Own(graph.Output, BufferSlice.NewDense(maxBatch, graph.Output.Shape, count));
        for (int index = count - 1; index > 0; index--)
        {
            Node node = graph.Nodes[index];
            Routes[index] = new GradientRoute[node.Inputs.Count];
            if (Outputs[index] is { } gradient && wants[index])
            {
                gradient.Lifetime.Use(TimeOf(index));
                for (int i = 0; i < node.Inputs.Count; i++)
                {
                    if (wants[node.Inputs[i].Index])
                    {
                        Routes[index][i] = Route(node, i, gradient);
                    }
                }

                _pending[gradient.Lifetime].Remove(index);
            }
        }
    }

    /// <summary>The place of each node's output gradient when its backward step begins; null when it has none.</summary>
    public BufferSlice?[] Outputs { get; }

    /// <summary>For each node and input, how the gradient is made.</summary>
    public GradientRoute[][] Routes { get; }

    /// <summary>All storages.</summary>
    public IEnumerable<BufferLifetime> Storages => _pending.Keys;

    /// <summary>The time of a node's backward step, after all forward steps and the loss.</summary>
    public int TimeOf(int node) => (2 * _graph.Nodes.Count) - node;

    /// <summary>For each node, the last time at which its values are read, forward or by a gradient.</summary>
    /// <param name="wants">For each node, whether its backward step runs.</param>
    public int[] LastUses(bool[] wants)
    {
        int[] lastUse = ForwardPlan.ForwardUses(_graph);
        foreach (Node node in _graph.Nodes.Where(n => wants[n.Index]))
        {
            int time = TimeOf(node.Index);
            if (node.Computation.GradientNeedsOutput)
            {
                lastUse[node.Index] = Math.Max(lastUse[node.Index], time);
            }

            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Computation.GradientNeedsInput(i))
                {
                    lastUse[node.Inputs[i].Index] = Math.Max(lastUse[node.Inputs[i].Index], time);
                }
            }
        }

        return lastUse;
    }

    private GradientRoute Route(Node node, int i, BufferSlice gradient)
    {
        Node input = node.Inputs[i];
        int time = TimeOf(node.Index);
        if (Outputs[input.Index] is not { } existing)
        {
            BufferSlice? alias = Alias(node, i, gradient);
            BufferSlice target = alias ?? Overwritten(node, i, gradient) ?? New(input, time);
            Own(input, target);
            return new GradientRoute(target, false, null, alias is not null);
        }

        existing.Lifetime.Use(time);

        // A sum reads its own gradient once for each input: only the last may change it, value by value.
        bool elementwise = node.Computation.PassesGradient || node.Computation.GradientCanOverwrite(i);
        bool lastReader = elementwise && i == node.Inputs.Count - 1 && existing == gradient;
        if (!Readers(existing, input.Shape).Any(reader => reader != input.Index && !(lastReader && reader == node.Index)))
        {
            return new GradientRoute(existing, true, null, false);
        }

        _pending[existing.Lifetime].Remove(input.Index);
        BufferSlice moved = BufferSlice.NewDense(_maxBatch, input.Shape, time);
        Own(input, moved);
        return new GradientRoute(moved, true, existing, false);
    }

    // The part of a gradient that is an input's gradient as it stands.
    private BufferSlice? Alias(Node node, int i, BufferSlice gradient)
    {
        Node input = node.Inputs[i];
        if (node.Computation.IsView)
        {
            return gradient.Reshaped(input.Shape);
        }

        if (node.Operator is ConcatOperator)
        {
            int channel = node.Inputs.Take(i).Sum(n => n.Shape.Channels);
            return !_copyConcatenated && ReadsOnce(input) ? gradient.From(channel) : null;
        }

        return node.Computation.PassesGradient && CanRead(input, gradient) ? gradient : null;
    }

    // What is read from a slice is written without gaps, for the sake of those who read it many times.
    private BufferSlice? Overwritten(Node node, int i, BufferSlice gradient)
    {
        bool may = node.Computation.GradientCanOverwrite(i) && gradient.IsDense(node.Shape);
        return may && Readers(gradient, node.Shape).All(reader => reader == node.Index) ? gradient : null;
    }

    // Whoever goes over its gradient value by value takes a slice of a wider one. A window or a matrix product reads each value many
    // times, and with gaps between positions that costs more than a copy.
    private static bool ReadsOnce(Node node) => !node.Computation.IsView
        && (node.Operator is ConcatOperator || node.Computation.PassesGradient || Enumerable.Range(0, node.Inputs.Count).Any(node.Computation.GradientCanOverwrite));

    // A view passes its gradient on under another shape, which it can do with a dense one only.
    private static bool CanRead(Node node, BufferSlice gradient) => !node.Computation.IsView || gradient.IsDense(node.Shape);

    private BufferSlice New(Node node, int time) => node.Operator is ConcatOperator && !_copyConcatenated
        ? BufferSlice.NewShared(_maxBatch, node.Shape, time)
        : BufferSlice.NewDense(_maxBatch, node.Shape, time);

    private IEnumerable<int> Readers(BufferSlice place, Shape shape) => _pending[place.Lifetime]
        .Where(reader => reader.Value.Overlaps(_graph.Nodes[reader.Key].Shape, place, shape))
        .Select(reader => reader.Key);

    private void Own(Node node, BufferSlice place)
    {
        if (!_pending.TryGetValue(place.Lifetime, out Dictionary<int, BufferSlice>? readers))
        {
            _pending[place.Lifetime] = readers = [];
        }

        readers[node.Index] = place;
        Outputs[node.Index] = place;
        place.Lifetime.Use(TimeOf(node.Index));
    }
}
