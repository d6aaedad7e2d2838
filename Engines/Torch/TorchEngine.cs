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
    private readonly TorchDevice[] _replicas;

    /// <summary>Starts the engine; the native library is loaded.</summary>
    /// <param name="devices">Devices that <see cref="TorchEngineProvider"/> has found usable, and how they compute. The first has the parameters.</param>
    internal TorchEngine(IReadOnlyList<EngineSettings> devices)
    {
        TorchDevice[] all = [.. devices.Select(settings => new TorchDevice(settings))];
        (_device, _replicas) = (all[0], all[1..]);
    }

    /// <summary>Called with each device's number before it computes its part of a batch; null for nobody.</summary>
    internal Action<int>? BeforePart { get; init; }

    /// <inheritdoc/>
    public override string Name => _replicas.Length == 0 ? _device.Name : FormattableString.Invariant($"{_device.Name}, and {_replicas.Length} more");

    /// <inheritdoc/>
    public override EngineIdentity Identity => _replicas.Length == 0
        ? _device.Identity
        : _device.Identity with { Device = FormattableString.Invariant($"{_device.Identity.Device} and {_replicas.Length} more") };

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
        return _replicas.Length == 0
            ? new TorchTrainingSession(graph, Own(parameters), spec)
            : new DataParallelSession(graph, Own(parameters), _replicas, spec) { BeforePart = BeforePart };
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
