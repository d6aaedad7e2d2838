using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Kernels;

namespace MLClassify.Trainers;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form: <c>v = momentum v + g + decay w; w -= rate v</c>.</summary>
public sealed class SgdOptimizer : Optimizer
{
    private Tensor[]? _velocities;

    /// <summary>Keeps groups; the velocity starts at zero.</summary>
    /// <param name="device">What computes.</param>
    /// <param name="groups">The parameters.</param>
    public SgdOptimizer(Device device, IReadOnlyList<ParameterGroup> groups)
        : base(device, groups)
    {
    }

    /// <summary>The velocity's factor. Default 0.9; in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the step looks ahead (Nesterov). Default false.</summary>
    public bool Nesterov { get; init; }

    internal override void EnsureState() => _velocities ??= AllocateState("velocity");

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var step = new SgdStep((float)rate, (float)(momentum ?? Momentum), (float)weightDecay, Nesterov);
        if (_velocities is null && step.Momentum != 0)
        {
            EnsureState();
        }

        Span<float> velocity = _velocities is null || step.Momentum == 0 ? [] : _velocities[index].Span;
        Device.SgdStep(step, parameter.Value.Span, parameter.Gradient.Span, velocity);
    }
}
