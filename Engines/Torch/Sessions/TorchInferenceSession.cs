using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Networks;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Sessions;

/// <summary>Inference: no gradients, running statistics, no dropout, normalizations folded into convolutions; weights are brought to the arithmetic's precision once.</summary>
internal sealed class TorchInferenceSession : IInferenceSession
{
    private readonly TorchDevice _device;
    private readonly GraphRunner _runner;
    private readonly InferenceWeights _weights;
    private readonly float[] _outputs;

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    public TorchInferenceSession(Graph graph, TorchParameterStore parameters, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        (_device, MaxBatch, InputShape, OutputShape) = (parameters.Device, maxBatch, graph.Input.Shape, graph.Output.Shape);
        _outputs = new float[maxBatch * OutputShape.Count];
        ActivationBytes = ActivationSize.OfInference(graph, maxBatch, _device.BytesPerValue);
        _weights = _device.Guard(() => new InferenceWeights(graph, parameters, _device.Low));
        _runner = new GraphRunner(_weights.Graph, new LayerFunctions(_device.Low), _weights.Value);
    }

    /// <inheritdoc/>
    public int MaxBatch { get; }

    /// <inheritdoc/>
    public Shape InputShape { get; }

    /// <inheritdoc/>
    public Shape OutputShape { get; }

    /// <inheritdoc/>
    public long ActivationBytes { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Run(ReadOnlySpan<float> inputs)
    {
        int samples = SampleCount.Of(inputs.Length, InputShape, MaxBatch);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _device.Enter();
        Tensor host = HostTensors.From(inputs, samples, InputShape.Height, InputShape.Width, InputShape.Channels);
        _device.Guard(
            () =>
            {
                Tensor outputs = _runner.Forward(GraphRunner.AsMaps(host.to(_device.Handle)), new RunMode(false, false, null))!;
                GraphRunner.Read(outputs, _outputs.AsSpan(0, samples * OutputShape.Count));
                return true;
            },
            samples);
        return _outputs.AsSpan(0, samples * OutputShape.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}
