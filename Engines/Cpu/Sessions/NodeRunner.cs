using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Operators;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>What both kinds of session share: the arena, a context for each node, and views for the current batch.</summary>
internal sealed unsafe class NodeRunner
{
    private readonly BufferSlice[] _values;
    private readonly BufferLifetime?[] _auxiliaries;

    public NodeRunner(Graph graph, CpuParameterStore parameters, BufferSlice[] values, BufferLifetime?[] auxiliaries)
    {
        Graph = graph;
        _values = values;
        _auxiliaries = auxiliaries;
        Contexts = [.. graph.Nodes.Select(node => new OperatorContext(parameters.Device, node))];
        foreach (OperatorContext context in Contexts)
        {
            for (int i = 0; i < context.Parameters.Length; i++)
            {
                context.Parameters[i] = Vector(parameters.Value(context.Node.Parameters[i].Name).Tensor);
            }
        }
    }

    public Graph Graph { get; }

    public OperatorContext[] Contexts { get; }

    /// <summary>What runs for a part of the batch at a time; nothing unless set.</summary>
    public MicroBatchPlan Parts { get; init; }

    /// <summary>The arena; set once, when its length is known.</summary>
    public Tensor Arena { get; set; } = null!;

    public int Batch { get; private set; } = -1;

    public static TensorView Vector(Tensor tensor)
    {
        int length = checked((int)tensor.Length);
        return new TensorView(tensor.Data, 1, Shape.Vector(length), length);
    }

    public static long AuxiliaryLength(Node node, int batch) =>
        node.Computation.AuxiliaryLength([.. node.Inputs.Select(n => n.Shape)], node.Shape, batch);

    public TensorView View(BufferSlice? place, Shape shape) =>
        place is { } p ? new TensorView(Arena.Data + p.Lifetime.Offset + p.Offset, Batch, shape, p.Stride) : default;

    public TensorView Value(Node node) => View(_values[node.Index], node.Shape);

    /// <summary>Points every context at the current batch.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool SetBatch(int batch)
    {
        if (batch == Batch)
        {
            return false;
        }

        Batch = batch;
        foreach (OperatorContext context in Contexts)
        {
            context.Auxiliary = _auxiliaries[context.Node.Index] is { } storage ? Arena.Data + storage.Offset : null;
            SetSamples(context, 0, batch);
        }

        return true;
    }

    public void Forward()
    {
        for (int first = 0; Parts.LastNode > 0 && first < Batch; first += Parts.Samples)
        {
            SetPart(first);
            for (int index = 1; index <= Parts.LastNode; index++)
            {
                Contexts[index].Computation.Forward(Contexts[index]);
            }
        }

        for (int index = Parts.LastNode + 1; index < Contexts.Length; index++)
        {
            Contexts[index].Computation.Forward(Contexts[index]);
        }
    }

    /// <summary>Points the nodes that run in parts at one part.</summary>
    private void SetPart(int first)
    {
        int count = Math.Min(Parts.Samples, Batch - first);
        for (int index = 1; index <= Parts.LastNode; index++)
        {
            SetSamples(Contexts[index], first, count);
        }
    }

    private void SetSamples(OperatorContext context, int first, int count)
    {
        Node node = context.Node;
        context.Output = Samples(node, first, count);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            context.Inputs[i] = Samples(node.Inputs[i], first, count);
        }
    }

    private TensorView Samples(Node node, int first, int count)
    {
        BufferSlice place = _values[node.Index];
        long skipped = place.Lifetime.HoldsPart ? 0 : (long)first * node.Shape.Pixels * place.Stride;
        return new TensorView(Arena.Data + place.Lifetime.Offset + place.Offset + skipped, count, node.Shape, place.Stride);
    }
}
