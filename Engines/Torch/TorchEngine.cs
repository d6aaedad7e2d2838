using MLClassify.Engines.Torch.Devices;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Engines.Torch.Sessions;
using MLClassify.Engines.Torch.Training;
using MLClassify.Graphs;

namespace MLClassify.Engines.Torch;

/// <summary>
/// The engine of graphics cards, by libtorch. It promises results within rounding, not bits; with
/// <see cref="EngineSettings.IsDeterministic"/> the same bits on the same device and library.
/// </summary>
internal sealed class TorchEngine : Engine
{
    private readonly TorchDevice _device;

    /// <summary>Starts the engine; the native library is loaded.</summary>
    /// <param name="settings">A device that <see cref="TorchEngineProvider"/> has found usable, and how it computes.</param>
    internal TorchEngine(EngineSettings settings) => _device = new TorchDevice(settings);

    /// <inheritdoc/>
    public override string Name => _device.Name;

    /// <inheritdoc/>
    public override EngineIdentity Identity => _device.Identity;

    /// <inheritdoc/>
    public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => new TorchParameterStore(parameters, _device);

    /// <inheritdoc/>
    public override IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch) =>
        new TorchInferenceSession(graph, Own(parameters), maxBatch);

    /// <inheritdoc/>
    public override ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        return new TorchTrainingSession(graph, Own(parameters), spec);
    }

    /// <inheritdoc/>
    /// <remarks>A card's memory is asked by two steps on it, with parameters that are thrown away.</remarks>
    public override bool CanTrain(Graph graph, ParameterStore parameters, TrainingSpec spec) =>
        _device.IsCpu ? base.CanTrain(graph, parameters, spec) : TrialSteps.Fit(this, graph, Own(parameters), spec);

    /// <inheritdoc/>
    public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) =>
        new TorchActivationGradientSession(graph, Own(parameters), node);

    private TorchParameterStore Own(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters is TorchParameterStore store && store.Device == _device
            ? store
            : throw new ArgumentException("The parameters are of another engine.", nameof(parameters));
    }
}
