using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Training;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu;

/// <summary>
/// The engine for processors, in managed code. The same seed gives the same bits, whatever the number of threads; results may differ between
/// instruction sets, whose vectors add in another order.
/// </summary>
internal sealed class CpuEngine : Engine
{
    private readonly CpuDevice _device;

    /// <summary>Starts the engine with the widest vectors that the processor has.</summary>
    /// <param name="threads">Threads, the caller's included; all cores when 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is negative or too large.</exception>
    public CpuEngine(int threads = 0)
        : this(threads, level: null)
    {
    }

    internal CpuEngine(int threads, SimdLevel? level) => _device = CpuDevice.Create(threads, level);

    /// <inheritdoc/>
    public override string Name => _device.Name;

    /// <inheritdoc/>
    public override EngineIdentity Identity => EngineIdentity.Managed;

    /// <inheritdoc/>
    public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => new CpuParameterStore(parameters, _device);

    /// <inheritdoc/>
    public override IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch) =>
        new InferenceSession(graph, Own(parameters), maxBatch);

    /// <inheritdoc/>
    public override ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        return new CpuTrainingSession(graph, Own(parameters), spec);
    }

    /// <inheritdoc/>
    public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) =>
        new ActivationGradientSession(graph, Own(parameters), node);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _device.Dispose();
        }

        base.Dispose(disposing);
    }

    private CpuParameterStore Own(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters is CpuParameterStore store && store.Device == _device
            ? store
            : throw new ArgumentException("The parameters are of another engine.", nameof(parameters));
    }
}
