using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Operators;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>
/// Runs a graph on one sample as inference does (running statistics, no dropout, nothing changed) and says how one of its outputs depends
/// on the values of a node: what Grad-CAM and its like ask for. Only what lies between the node and the output is gone through backward.
/// One caller at a time; sessions may share a device.
/// </summary>
internal sealed unsafe class ActivationGradientSession : IActivationGradientSession
{
    private readonly CpuDevice _device;
    private readonly NodeRunner _runner;
    private readonly BackwardPlan _backward;
    private readonly BackwardRunner _backwardRunner;
    private State _state = State.Empty;

    /// <summary>Plans memory.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its parameters; read in place, so they must outlive the session.</param>
    /// <param name="node">The node of <paramref name="graph"/> whose values and gradients are asked for.</param>
    /// <exception cref="ArgumentException">The node is not one of the graph's, or the output does not depend on it.</exception>
    public ActivationGradientSession(Graph graph, CpuParameterStore parameters, Node node)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(node);
        bool[] wants = graph.DependentsOf(node);
        Node = node;
        _device = parameters.Device;
        _backward = new BackwardPlan(graph, maxBatch: 1, wants);
        int[] lastUse = _backward.LastUses([.. wants.Select((w, index) => w && index > node.Index)]);
        lastUse[node.Index] = int.MaxValue;
        var forward = new ForwardPlan(graph, maxBatch: 1, lastUse);
        BufferLifetime?[] auxiliaries = [.. graph.Nodes.Select(n => Auxiliary(n, wants))];
        _backward.Outputs[node.Index]!.Value.Lifetime.Use(int.MaxValue);
        long length = MemoryPlan.Assign(forward.Storages.Concat(auxiliaries.OfType<BufferLifetime>()).Concat(_backward.Storages));
        ActivationBytes = length * sizeof(float);
        _runner = new NodeRunner(graph, parameters, forward.Values, auxiliaries) { Arena = new Tensor(length) };
        _backwardRunner = new BackwardRunner(graph, _device, _runner, _backward);
        _runner.SetBatch(1);
        _backwardRunner.SetBatch();
        foreach (OperatorContext context in _runner.Contexts)
        {
            context.RunningStatistics = true;
        }
    }

    private enum State
    {
        Empty,
        Forward,
        Backward,
    }

    /// <summary>The node whose values and gradients are asked for.</summary>
    public Node Node { get; }

    /// <summary>The sample's shape.</summary>
    public Shape InputShape => _runner.Graph.Input.Shape;

    /// <summary>Bytes of activations, gradients and what operators leave for them.</summary>
    public long ActivationBytes { get; }

    /// <summary>Where the caller writes the sample, <c>[H, W, C]</c>, before each <see cref="Run"/>; a run may overwrite it.</summary>
    public Span<float> Input => new(_runner.Value(_runner.Graph.Input).Data, InputShape.Count);

    /// <inheritdoc/>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> input)
    {
        SampleCount.Of(input.Length, InputShape, maxBatch: 1);
        input.CopyTo(Input);
        return Run();
    }

    /// <summary>Computes the outputs of the sample in <see cref="Input"/>.</summary>
    /// <returns>The logits; valid until <see cref="Run"/> is called again.</returns>
    public ReadOnlySpan<float> Run()
    {
        lock (_device.Gate)
        {
            _runner.Forward();
        }

        _state = State.Forward;
        return new ReadOnlySpan<float>(_runner.Value(_runner.Graph.Output).Data, _runner.Graph.Output.Shape.Count);
    }

    /// <summary>Computes the gradient of one output. Once after each <see cref="Run"/>, whose values it may overwrite.</summary>
    /// <param name="output">The output's index: the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">There was no <see cref="Run"/> since the last time.</exception>
    public void Backward(int output)
    {
        Shape shape = _runner.Graph.Output.Shape;
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, shape.Count);
        if (_state != State.Forward)
        {
            throw new InvalidOperationException("A gradient needs a forward pass of its own before it.");
        }

        _state = State.Backward;
        lock (_device.Gate)
        {
            TensorView logitGradient = _runner.View(_backward.Outputs[_runner.Graph.Output.Index], shape);
            var values = new Span<float>(logitGradient.Data, shape.Count);
            values.Clear();
            values[output] = 1;
            _backwardRunner.Run(after: Node.Index);
        }
    }

    /// <summary>Copies the node's values.</summary>
    /// <returns><c>[H, W, C]</c> of <see cref="Node"/>.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Run"/>.</exception>
    public float[] Activations() => _state != State.Empty
        ? Dense(_runner.Value(Node))
        : throw new InvalidOperationException("There was no forward pass.");

    /// <summary>Copies the output's gradient with respect to the node's values.</summary>
    /// <returns><c>[H, W, C]</c> of <see cref="Node"/>.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Backward"/> since the last <see cref="Run"/>.</exception>
    public float[] Gradient() => _state == State.Backward
        ? Dense(_runner.View(_backward.Outputs[Node.Index], Node.Shape))
        : throw new InvalidOperationException("There was no backward pass.");

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _runner.Arena.Dispose();

    private static float[] Dense(TensorView view)
    {
        int channels = view.Shape.Channels;
        float[] values = new float[view.Shape.Count];
        for (int row = 0; row < view.Shape.Pixels; row++)
        {
            new ReadOnlySpan<float>(view.Data + ((long)row * view.Stride), channels).CopyTo(values.AsSpan(row * channels));
        }

        return values;
    }

    // Batch normalization's constants are needed in any case; what others leave serves only their gradients.
    private BufferLifetime? Auxiliary(Node node, bool[] wants)
    {
        bool isGradientOf = wants[node.Index] && node.Index > Node.Index;
        if (!isGradientOf && node.Operator is not BatchNormOperator)
        {
            return null;
        }

        long length = NodeRunner.AuxiliaryLength(node, batch: 1);
        if (length == 0)
        {
            return null;
        }

        var storage = new BufferLifetime(length, node.Index);
        if (isGradientOf)
        {
            storage.Use(_backward.TimeOf(node.Index));
        }

        return storage;
    }
}
