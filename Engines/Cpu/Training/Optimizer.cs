using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Training;

/// <summary>Trained parameters that share their rates.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="LearningRate">The learning rate where the schedule's factor is 1.</param>
/// <param name="WeightDecay">The weight decay.</param>
internal sealed record TrainedGroup(TrainedParameter[] Parameters, double LearningRate, double WeightDecay);

/// <summary>Changes parameters by their gradients. One caller at a time.</summary>
internal abstract class Optimizer : IDisposable
{
    private readonly TrainedGroup[] _groups;
    private readonly List<(string Name, Tensor[] Tensors)> _state = [];

    /// <summary>Keeps groups; state starts as zeros.</summary>
    /// <param name="device">The engine that computes.</param>
    /// <param name="groups">The parameters, each in one group.</param>
    protected Optimizer(CpuDevice device, TrainedGroup[] groups)
    {
        Device = device;
        _groups = groups;
    }

    /// <summary>Steps made.</summary>
    public long Steps { get; set; }

    /// <summary>The state beside every parameter.</summary>
    public IEnumerable<(string Name, TrainedParameter Parameter, Tensor State)> State =>
        from state in _state
        from pair in _groups.SelectMany(g => g.Parameters).Zip(state.Tensors)
        select (state.Name, pair.First, pair.Second);

    /// <summary>The engine that computes.</summary>
    protected CpuDevice Device { get; }

    /// <summary>The optimizer that a spec declares.</summary>
    /// <param name="spec">Kind and constants.</param>
    /// <param name="device">The engine that computes.</param>
    /// <param name="groups">The parameters.</param>
    public static Optimizer Create(OptimizerSpec spec, CpuDevice device, TrainedGroup[] groups) => spec switch
    {
        SgdSpec sgd => new SgdOptimizer(sgd, device, groups),
        AdamSpec adam => new AdamOptimizer(adam, device, groups),
        _ => throw new NotSupportedException($"The CPU engine does not have the optimizer {spec.GetType().Name}."),
    };

    /// <summary>Changes every parameter by its gradient.</summary>
    /// <param name="settings">This step's rate and momentum.</param>
    public void Step(StepSettings settings)
    {
        Steps++;
        int index = 0;
        foreach (TrainedGroup group in _groups)
        {
            double rate = group.LearningRate * settings.RateFactor;
            foreach (TrainedParameter parameter in group.Parameters)
            {
                Update(parameter, index++, rate, group.WeightDecay, settings.Momentum);
            }
        }
    }

    /// <summary>Makes the state that is made when it is first needed.</summary>
    public virtual void EnsureState()
    {
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _state.SelectMany(s => s.Tensors))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Zeros beside every parameter, in the order of the groups; freed with the optimizer.</summary>
    /// <param name="name">What they are, in files.</param>
    protected Tensor[] AllocateState(string name)
    {
        Tensor[] state = [.. _groups.SelectMany(g => g.Parameters).Select(p => new Tensor(p.Value.Length))];
        _state.Add((name, state));
        return state;
    }

    /// <summary>Changes one parameter by its gradient.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="index">Its place among all, in the order of the groups.</param>
    /// <param name="rate">This step's learning rate.</param>
    /// <param name="weightDecay">Its weight decay.</param>
    /// <param name="momentum">The step's momentum, if it has one of its own.</param>
    protected abstract void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum);
}
