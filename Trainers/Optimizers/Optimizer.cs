using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>Changes parameters after each training step. One caller at a time.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly List<(string Name, Tensor[] Tensors)> _state = [];

    /// <summary>Keeps groups; state starts as zeros.</summary>
    /// <param name="device">What computes.</param>
    /// <param name="groups">The parameters, each in one group.</param>
    /// <exception cref="ArgumentException">A rate is negative or not finite, or a parameter is in two groups.</exception>
    protected Optimizer(Device device, IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(groups);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ParameterGroup group in groups)
        {
            CheckRate(group.LearningRate, group.Name, "learning rate");
            CheckRate(group.WeightDecay, group.Name, "weight decay");
            string? twice = group.Parameters.FirstOrDefault(p => !names.Add(p.Parameter.Name))?.Parameter.Name;
            if (twice is not null)
            {
                throw new ArgumentException($"The parameter '{twice}' is given twice.", nameof(groups));
            }
        }

        Device = device;
        Groups = groups;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Steps made.</summary>
    public long Steps { get; internal set; }

    /// <summary>The state beside every parameter, for a run that is to go on later.</summary>
    internal IEnumerable<(string Name, Parameter Parameter, Tensor State)> SavedState =>
        from state in _state
        from pair in Groups.SelectMany(g => g.Parameters).Zip(state.Tensors)
        select (state.Name, pair.First.Parameter, pair.Second);

    /// <summary>What computes.</summary>
    protected Device Device { get; }

    /// <summary>The optimiser that options ask for.</summary>
    /// <param name="options">Kind and rates.</param>
    /// <param name="device">What computes.</param>
    /// <param name="groups">The parameters.</param>
    public static Optimizer Create(FineTuneOptions options, Device device, IReadOnlyList<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Resolve().Optimizer switch
        {
            OptimizerKind.Sgd => new SgdOptimizer(device, groups) { Momentum = options.Momentum, Nesterov = options.Nesterov },
            OptimizerKind.Adam => new AdamOptimizer(device, groups),
            OptimizerKind.AdamW => new AdamOptimizer(device, groups) { Decoupled = true },
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Optimizer, "This optimiser does not exist."),
        };
    }

    /// <summary>Changes every parameter by its gradient.</summary>
    /// <param name="point">What the schedule says about this step.</param>
    public void Step(SchedulePoint point)
    {
        Steps++;
        int index = 0;

        // By index: an interface's enumerator lives on the managed heap, and a step allocates nothing there.
        for (int g = 0; g < Groups.Count; g++)
        {
            ParameterGroup group = Groups[g];
            double rate = group.LearningRate * point.RateFactor;
            for (int p = 0; p < group.Parameters.Count; p++)
            {
                Update(group.Parameters[p], index++, rate, group.WeightDecay, point.Momentum);
            }
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (Tensor tensor in _state.SelectMany(s => s.Tensors))
            {
                tensor.Dispose();
            }
        }
    }

    /// <summary>Makes the state that is made when it is first needed.</summary>
    internal virtual void EnsureState()
    {
    }

    /// <summary>Zeros beside every parameter, in the order of the groups; freed with the optimiser.</summary>
    /// <param name="name">What they are, in files.</param>
    protected Tensor[] AllocateState(string name)
    {
        Tensor[] state = [.. Groups.SelectMany(g => g.Parameters).Select(p => new Tensor(p.Value.Length))];
        _state.Add((name, state));
        return state;
    }

    /// <summary>Changes one parameter by its gradient.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="index">Its place among all, in the order of the groups.</param>
    /// <param name="rate">This step's learning rate.</param>
    /// <param name="weightDecay">Its weight decay.</param>
    /// <param name="momentum">The schedule's momentum, if it has one.</param>
    protected abstract void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum);

    private static void CheckRate(double value, string group, string what)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"The {what} of the group '{group}' is {value}; it must be a number of at least 0."));
        }
    }
}
