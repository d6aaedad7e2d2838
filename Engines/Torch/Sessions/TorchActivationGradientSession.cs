using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Networks;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Sessions;

/// <summary>
/// The values of a node and an output's gradient with respect to them, in float32. The part up to the node runs without gradients; the node's
/// values are then where autograd begins.
/// </summary>
internal sealed class TorchActivationGradientSession : IActivationGradientSession
{
    private readonly TorchDevice _device;
    private readonly Graph _graph;
    private readonly GraphRunner _runner;
    private readonly float[] _outputs;
    private Tensor? _leaf;
    private Tensor? _logits;
    private float[]? _gradient;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="node">The node that is asked about.</param>
    public TorchActivationGradientSession(Graph graph, TorchParameterStore parameters, Node node)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(node);
        _ = graph.DependentsOf(node);
        (_device, _graph, Node) = (parameters.Device, graph, node);
        _outputs = new float[graph.Output.Shape.Count];
        foreach (Parameter parameter in graph.Parameters)
        {
            _ = parameters[parameter.Name];
        }

        _runner = new GraphRunner(graph, new LayerFunctions(low: null), parameters.Value, node) { Computed = Watch };
    }

    /// <inheritdoc/>
    public Node Node { get; }

    /// <inheritdoc/>
    public Shape InputShape => _graph.Input.Shape;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> input)
    {
        SampleCount.Of(input.Length, InputShape, maxBatch: 1);
        Release();
        _device.Enter();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = enable_grad();
        Tensor sample = HostTensors.From(input, 1, InputShape.Height, InputShape.Width, InputShape.Channels).to(_device.Handle);
        _logits = _device.Guard(() => _runner.Forward(GraphRunner.AsMaps(sample), new RunMode(false, false, null))!).DetachFromDisposeScope();
        using (Tensor values = _logits.detach())
        {
            GraphRunner.Read(values, _outputs);
        }

        return _outputs;
    }

    /// <inheritdoc/>
    public void Backward(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, _outputs.Length);
        if (_logits is null || _gradient is not null)
        {
            throw new InvalidOperationException("A gradient needs a forward pass of its own before it.");
        }

        _device.Enter();
        using DisposeScope scope = NewDisposeScope();
        _gradient = new float[Node.Shape.Count];
        _logits.permute(0, 2, 3, 1).reshape(-1)[output].backward();
        if (_leaf!.grad is { } gradient)
        {
            GraphRunner.Read(gradient, _gradient);
        }
    }

    /// <inheritdoc/>
    public float[] Activations()
    {
        Tensor leaf = _leaf ?? throw new InvalidOperationException("There was no forward pass.");
        float[] values = new float[Node.Shape.Count];
        using Tensor plain = leaf.detach();
        GraphRunner.Read(plain, values);
        return values;
    }

    /// <inheritdoc/>
    public float[] Gradient() => _gradient is { } gradient ? [.. gradient] : throw new InvalidOperationException("There was no backward pass.");

    /// <inheritdoc/>
    public void Dispose() => Release();

    // The parameters want no gradients, so nothing before the node has any: it becomes a leaf that does.
    private bool Watch(Node node, Tensor value)
    {
        if (node == Node)
        {
            value.requires_grad = true;
            _leaf = value.DetachFromDisposeScope();
        }

        return true;
    }

    private void Release()
    {
        _leaf?.Dispose();
        _logits?.Dispose();
        (_logits, _leaf, _gradient) = (null, null, null);
    }
}
