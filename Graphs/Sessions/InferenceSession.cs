using MLClassify.Graphs.Operators;
using MLClassify.Graphs.Passes;
using MLClassify.Graphs.Planning;

namespace MLClassify.Graphs.Sessions;

/// <summary>
/// Runs a graph forward with fixed parameters: batch normalisation folded into convolutions, rectifiers and sums fused, dropout gone.
/// What is folded is computed once, when the session is made; the rest is read in place, so the parameters must outlive the session and
/// a change to them calls for a new one. Large maps are computed for a few samples at a time. One caller at a time; sessions may share a device.
/// </summary>
public sealed class InferenceSession : IDisposable
{
    private readonly FusedNetwork _network;
    private readonly NodeRunner _runner;
    private readonly List<Tensor> _prepared = [];

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public InferenceSession(Graph graph, ParameterSet parameters, int maxBatch)
        : this(graph, parameters, maxBatch, copyConcatenated: false, PartPlan.CacheBytes)
    {
    }

    /// <summary>
    /// Prepares a graph; so that tests can compare, concatenations may be made to copy what else is written in place, and parts of the
    /// batch to be of any size.
    /// </summary>
    internal InferenceSession(Graph graph, ParameterSet parameters, int maxBatch, bool copyConcatenated, long cacheBytes = PartPlan.CacheBytes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        MaxBatch = maxBatch;
        _network = FuseForInference.Run(copyConcatenated ? graph : ChainConcatenations.Run(graph), parameters);
        Graph fused = _network.Graph;
        PartPlan parts = PartPlan.For(fused, maxBatch, cacheBytes);
        var plan = new ForwardPlan(fused, maxBatch, ForwardPlan.ForwardUses(fused), parts, copyConcatenated);
        Storage?[] auxiliaries = [.. fused.Nodes.Select(node => Auxiliary(node, maxBatch))];
        long length = MemoryPlan.Assign(plan.Storages.Concat(auxiliaries.OfType<Storage>()));
        ActivationBytes = length * sizeof(float);
        _runner = new NodeRunner(fused, _network.Parameters, plan.Values, auxiliaries) { Arena = new Tensor(length), Parts = parts };
        _runner.SetBatch(maxBatch);
        _runner.SetPart(0);
        lock (parameters.Device.Gate)
        {
            Prepare();
        }
    }

    /// <summary>The largest batch.</summary>
    public int MaxBatch { get; }

    /// <summary>Bytes of activations.</summary>
    public long ActivationBytes { get; }

    /// <summary>One sample's input shape.</summary>
    public Shape InputShape => _runner.Graph.Input.Shape;

    /// <summary>One sample's output shape.</summary>
    public Shape OutputShape => _runner.Graph.Output.Shape;

    /// <summary>Where the caller writes samples, <c>[MaxBatch, H, W, C]</c>; a run may overwrite them.</summary>
    public unsafe Span<float> Input => new(_runner.Value(_runner.Graph.Input).Data, checked(MaxBatch * InputShape.Count));

    /// <summary>Computes the outputs of the samples in <see cref="Input"/>.</summary>
    /// <param name="batch">How many samples are there, 1 to <see cref="MaxBatch"/>.</param>
    /// <returns>The outputs, <c>[batch, H', W', C']</c>; valid until the next call.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1 or above <see cref="MaxBatch"/>.</exception>
    public unsafe ReadOnlySpan<float> Run(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        lock (_network.Parameters.Device.Gate)
        {
            _runner.SetBatch(batch);
            _runner.Forward();
        }

        return new ReadOnlySpan<float>(_runner.Value(_runner.Graph.Output).Data, checked(batch * OutputShape.Count));
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _runner.Arena.Dispose();
        foreach (Tensor tensor in _prepared)
        {
            tensor.Dispose();
        }

        _network.Dispose();
    }

    private void Prepare()
    {
        foreach (OperatorContext context in _runner.Contexts)
        {
            long length = context.Node.Operator.PreparedLength(context);
            if (length > 0)
            {
                var tensor = new Tensor(length);
                _prepared.Add(tensor);
                context.Prepared = NodeRunner.Vector(tensor);
                context.Node.Operator.Prepare(context);
            }
        }
    }

    private static Storage? Auxiliary(Node node, int maxBatch)
    {
        // Batch normalisation's constants are scratch here; a pooling's winners would serve nobody.
        return node.Operator is BatchNormOperator ? new Storage(NodeRunner.AuxiliaryLength(node, maxBatch), node.Index) : null;
    }
}
