using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;

namespace MLClassify.Engines.Cpu.Training;

/// <summary>Carries out <see cref="SgdSpec"/>. The velocity is made when a step first has momentum.</summary>
internal sealed class SgdOptimizer(SgdSpec spec, CpuDevice device, TrainedGroup[] groups) : Optimizer(device, groups)
{
    private Tensor[]? _velocities;

    public override void EnsureState() => _velocities ??= AllocateState("velocity");

    protected override void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum)
    {
        var step = new SgdStep((float)rate, (float)(momentum ?? spec.Momentum), (float)weightDecay, spec.Nesterov);
        if (_velocities is null && step.Momentum != 0)
        {
            EnsureState();
        }

        Span<float> velocity = _velocities is null || step.Momentum == 0 ? [] : _velocities[index].Span;
        Device.SgdStep(step, parameter.Value.Span, parameter.Gradient.Span, velocity);
    }
}
