using System.Runtime.InteropServices;
using MLClassify.Engines.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Devices;

/// <summary>One of libtorch's devices, and how it computes.</summary>
internal sealed class TorchDevice
{
    private readonly EngineSettings _settings;

    /// <summary>Keeps the settings; the native library is loaded.</summary>
    /// <param name="settings">A usable device, and how it computes.</param>
    /// <exception cref="ComputeDeviceException">The library does not have what was asked for.</exception>
    public TorchDevice(EngineSettings settings)
    {
        _settings = settings;
        Handle = settings.Device switch
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

    /// <summary>A description.</summary>
    public string Name => $"libtorch {TorchLibrary.Version}, {Description}, {PrecisionName}{(_settings.IsDeterministic ? ", deterministic" : "")}";

    /// <summary>What a checkpoint says.</summary>
    public EngineIdentity Identity => new("libtorch " + TorchLibrary.Version, _settings.Device.ToString(), PrecisionName);

    /// <summary>libtorch's own device.</summary>
    public Device Handle { get; }

    /// <summary>The precision of products and maps.</summary>
    public ComputePrecision Precision { get; }

    /// <summary>Whether it computes on one of NVIDIA's cards.</summary>
    public bool IsCuda => _settings.Device.IsCuda;

    /// <summary>Whether it computes in host memory.</summary>
    public bool IsCpu => Handle.type == DeviceType.CPU;

    /// <summary>Whether work is begun before earlier work is done, in double precision where that is asked for.</summary>
    public bool ComputesAhead => Handle.type != DeviceType.MPS;

    /// <summary>The shorter type of products and maps; null for float32.</summary>
    public ScalarType? Low => Precision switch
    {
        ComputePrecision.BFloat16 => ScalarType.BFloat16,
        ComputePrecision.Float16 => ScalarType.Float16,
        _ => null,
    };

    /// <summary>Bytes of a value in a map.</summary>
    public int BytesPerValue => Low is null ? sizeof(float) : sizeof(short);

    private string Description => IsCpu ? FormattableString.Invariant($"CPU, {get_num_threads()} thread(s)") : _settings.Device.ToString();

    private string PrecisionName => Precision.ToString().ToLowerInvariant();

    /// <summary>Sets what libtorch keeps for the whole process, before each call: engines may differ.</summary>
    public void Enter()
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
    public T Guard<T>(Func<T> work, int samples = 0)
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
}
