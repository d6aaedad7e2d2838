using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Operators;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Passes;
using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>
/// Runs a graph forward with fixed parameters: batch normalization folded into convolutions, ReLUs and sums fused, dropout gone.
/// What is folded is computed once, when the session is made; the rest is read in place, so the parameters must outlive the session and
/// a change to them calls for a new one. Large maps are computed for a few samples at a time. Algorithms suit the largest batch whatever a
/// batch holds, so that a sample's outputs do not depend on how many are computed together. One caller at a time; sessions may share a device.
/// </summary>
internal sealed class InferenceSession : IInferenceSession
{
    private readonly FusedNetwork _network;
    private readonly NodeRunner _runner;
    private readonly List<Tensor> _prepared = [];

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is below 1.</exception>
    public InferenceSession(Graph graph, CpuParameterStore parameters, int maxBatch)
        : this(graph, parameters, maxBatch, copyConcatenated: false, MicroBatchPlan.CacheBytes)
    {
    }

    /// <summary>
    /// Prepares a graph; so that tests can compare, concatenations may be made to copy what else is written in place, and parts of the
    /// batch to be of any size.
    /// </summary>
    internal InferenceSession(Graph graph, CpuParameterStore parameters, int maxBatch, bool copyConcatenated, long cacheBytes = MicroBatchPlan.CacheBytes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        MaxBatch = maxBatch;
        _network = FuseForInference.Run(copyConcatenated ? graph : ChainConcatenations.Run(graph), parameters);
        Graph fused = _network.Graph;
        MicroBatchPlan parts = MicroBatchPlan.For(fused, maxBatch, cacheBytes);
        var plan = new ForwardPlan(fused, maxBatch, ForwardPlan.ForwardUses(fused), parts, copyConcatenated);
        BufferLifetime?[] auxiliaries = [.. fused.Nodes.Select(node => Auxiliary(node, maxBatch))];
        long length = MemoryPlan.Assign(plan.Storages.Concat(auxiliaries.OfType<BufferLifetime>()));
        ActivationBytes = length * sizeof(float);
        _runner = new NodeRunner(fused, _network.Parameters, plan.Values, auxiliaries) { Arena = new Tensor(length), Parts = parts };
        _runner.SetBatch(maxBatch);
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

    /// <inheritdoc/>
    public ReadOnlySpan<float> Run(ReadOnlySpan<float> inputs)
    {
        int samples = SampleCount.Of(inputs.Length, InputShape, MaxBatch);
        inputs.CopyTo(Input);
        return Run(samples);
    }

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
            context.PlannedBatch = MaxBatch;
            long length = context.Computation.PreparedLength(context);
            if (length > 0)
            {
                var tensor = new Tensor(length);
                _prepared.Add(tensor);
                context.Prepared = NodeRunner.Vector(tensor);
                context.Computation.Prepare(context);
                _network.Release(context.Node.Parameters[0]);
                context.Parameters[0] = default;
            }
        }
    }

    private static BufferLifetime? Auxiliary(Node node, int maxBatch)
    {
        // Batch normalization's constants are scratch here; a pooling's maxIndices would serve nobody.
        return node.Operator is BatchNormOperator ? new BufferLifetime(NodeRunner.AuxiliaryLength(node, maxBatch), node.Index) : null;
    }
}
