using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>Changes parameters by their gradients, a few operations for all of them. Its state lies as the gradients do.</summary>
internal abstract class TorchOptimizer : IDisposable
{
    private readonly List<(string Name, Tensor Flat)> _state = [];

    private protected TorchOptimizer(TrainedRun[] runs, ParameterLayout layout, Device device) => (Runs, Layout, Device) = (runs, layout, device);

    /// <summary>Steps made.</summary>
    public long Steps { get; set; }

    /// <summary>The state beside the parameters.</summary>
    public IReadOnlyList<(string Name, Tensor Flat)> State => _state;

    /// <summary>The parameters.</summary>
    protected TrainedRun[] Runs { get; }

    /// <summary>Where each parameter's gradient lies.</summary>
    protected ParameterLayout Layout { get; }

    /// <summary>The device.</summary>
    protected Device Device { get; }

    /// <summary>The optimizer that a spec declares.</summary>
    public static TorchOptimizer Create(OptimizerSpec spec, TrainedRun[] runs, ParameterLayout layout, Device device) => spec switch
    {
        SgdSpec sgd => new TorchSgd(sgd, runs, layout, device),
        AdamSpec adam => new TorchAdam(adam, runs, layout, device),
        _ => throw new NotSupportedException($"The libtorch engine does not have the optimizer {spec.GetType().Name}."),
    };

    /// <summary>Makes a step with the gradients as they are.</summary>
    public void Step(StepSettings settings)
    {
        Steps++;
        long offset = 0;
        foreach (TrainedRun run in Runs)
        {
            using DisposeScope scope = NewDisposeScope();
            Update(run, offset, settings);
            offset += run.Values.NumberOfElements;
        }
    }

    /// <summary>Makes what state there is only from some step on, because it is about to be read from a file.</summary>
    public virtual void EnsureState()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor flat) in _state)
        {
            flat.Dispose();
        }
    }

    /// <summary>Changes some parameters.</summary>
    /// <param name="run">The parameters.</param>
    /// <param name="offset">Where the state of the first begins.</param>
    /// <param name="settings">The step's settings.</param>
    protected abstract void Update(TrainedRun run, long offset, StepSettings settings);

    /// <summary>Makes a state of zeros.</summary>
    protected Tensor AllocateState(string name)
    {
        Tensor flat = zeros([Math.Max(1, Layout.Length)], ScalarType.Float32, Device).DetachFromDisposeScope();
        _state.Add((name, flat));
        return flat;
    }

    /// <summary>The gradient with the decay added to it.</summary>
    protected static Tensor WithDecay(TrainedRun run) => run switch
    {
        { Decays: { } decays } => run.Gradients.addcmul(run.Values, decays, 1),
        { Decay: not 0 } => run.Gradients.add(run.Values, (float)run.Decay),
        _ => run.Gradients.alias(),
    };

    /// <summary><c>values -= rate x direction</c>.</summary>
    protected static void Move(TrainedRun run, Tensor direction, double factor)
    {
        if (run.Rates is { } rates)
        {
            run.Values.addcmul_(direction, rates, (float)-factor);
        }
        else
        {
            run.Values.add_(direction, (float)(-factor * run.Rate));
        }
    }
}
