using System.Runtime.InteropServices;
using MLClassify.Engines.Torch.Loading;
using MLClassify.Engines.Torch.Parameters;
using MLClassify.Engines.Torch.Sessions;
using MLClassify.Engines.Torch.Training;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch;

/// <summary>
/// The engine of graphics cards, by libtorch. It promises results within rounding, not bits; with
/// <see cref="EngineSettings.IsDeterministic"/> the same bits on the same device and library.
/// </summary>
internal sealed class TorchEngine : Engine
{
    private readonly EngineSettings _settings;

    /// <summary>Starts the engine; the native library is loaded.</summary>
    /// <param name="settings">A device that <see cref="TorchEngineProvider"/> has found usable, and how it computes.</param>
    internal TorchEngine(EngineSettings settings)
    {
        _settings = settings;
        Device = settings.Device switch
        {
            { IsCuda: true } => new Device(DeviceType.CUDA, settings.Device.Index),
            { Name: "mps" } => new Device(DeviceType.MPS, 0),
            _ => new Device(DeviceType.CPU),
        };
        Precision = settings.Precision != ComputePrecision.Auto ? settings.Precision : IsCuda && CudaDriver.HasBFloat16(settings.Device.Index) ? ComputePrecision.BFloat16 : ComputePrecision.Float32;
        if (IsCpu && settings.Threads > 0)
        {
            set_num_threads(settings.Threads);
        }

        if (IsCuda && settings.IsDeterministic)
        {
            CudaDriver.FixWorkspaces();
        }

        if (!TorchContext.Set(settings.IsDeterministic) && settings.IsDeterministic)
        {
            throw new ComputeDeviceException($"The libtorch in {TorchLibrary.Folder} cannot be told to use deterministic algorithms.");
        }
    }

    /// <inheritdoc/>
    public override string Name => $"libtorch {TorchLibrary.Version}, {Description}, {PrecisionName}{(_settings.IsDeterministic ? ", deterministic" : "")}";

    /// <inheritdoc/>
    public override EngineIdentity Identity => new("libtorch " + TorchLibrary.Version, _settings.Device.ToString(), PrecisionName);

    /// <summary>Where it computes.</summary>
    internal Device Device { get; }

    /// <summary>The precision of products and maps.</summary>
    internal ComputePrecision Precision { get; }

    /// <summary>Whether it computes on one of NVIDIA's cards.</summary>
    internal bool IsCuda => _settings.Device.IsCuda;

    /// <summary>Whether it computes in host memory.</summary>
    internal bool IsCpu => Device.type == DeviceType.CPU;

    /// <summary>The shorter type of products and maps; null for float32.</summary>
    internal ScalarType? Low => Precision switch
    {
        ComputePrecision.BFloat16 => ScalarType.BFloat16,
        ComputePrecision.Float16 => ScalarType.Float16,
        _ => null,
    };

    /// <summary>Bytes of a value in a map.</summary>
    internal int BytesPerValue => Low is null ? sizeof(float) : sizeof(short);

    private string Description => IsCpu ? FormattableString.Invariant($"CPU, {get_num_threads()} thread(s)") : _settings.Device.ToString();

    private string PrecisionName => Precision.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => new TorchParameterStore(parameters, this);

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
    public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) =>
        new TorchActivationGradientSession(graph, Own(parameters), node);

    /// <summary>Sets what libtorch keeps for the whole process, before each call: engines may differ.</summary>
    internal void Enter()
    {
        TorchContext.Set(_settings.IsDeterministic);
        if (IsCuda)
        {
            backends.cuda.matmul.allow_tf32 = Precision == ComputePrecision.Tf32;
            backends.cudnn.allow_tf32 = Precision == ComputePrecision.Tf32;
        }
    }

    /// <summary>Runs work and says in one sentence when the device's memory does not suffice.</summary>
    /// <param name="work">The work.</param>
    /// <param name="samples">Samples of the batch; 0 where there is none.</param>
    /// <exception cref="InsufficientMemoryException">The memory does not suffice.</exception>
    internal T Guard<T>(Func<T> work, int samples = 0)
    {
        try
        {
            return work();
        }
        catch (ExternalException e) when (e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase))
        {
            string what = samples switch
            {
                0 => "The network",
                1 => "A batch of 1 image",
                _ => FormattableString.Invariant($"A batch of {samples} images"),
            };
            string advice = samples > 1 ? FormattableString.Invariant($"; a batch of {samples / 2} needs about half") : "";
            throw new InsufficientMemoryException($"{what} does not fit into the memory of {_settings.Device}{advice}.", e);
        }
    }

    private TorchParameterStore Own(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters is TorchParameterStore store && store.Engine == this
            ? store
            : throw new ArgumentException("The parameters are of another engine.", nameof(parameters));
    }
}
