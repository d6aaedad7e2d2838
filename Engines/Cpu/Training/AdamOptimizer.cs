using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Sessions;

namespace MLClassify.Engines.Cpu.Training;

/// <summary>Carries out <see cref="AdamSpec"/>; both moments start at zero.</summary>
internal sealed class AdamOptimizer : Optimizer
{
    private readonly AdamSpec _spec;
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;

    public AdamOptimizer(AdamSpec spec, CpuDevice device, TrainedGroup[] groups)
        : base(device, groups)
    {
        _spec = spec;
        _first = AllocateState("first");
        _second = AllocateState("second");
    }

    protected override void Update(TrainedParameter parameter, int index, double rate, double weightDecay, double? momentum)
    {
        double beta1 = momentum ?? _spec.Beta1;
        var step = new AdamStep(
            (float)rate,
            (float)beta1,
            (float)_spec.Beta2,
            (float)_spec.Epsilon,
            (float)weightDecay,
            _spec.Decoupled,
            (float)(1 - Math.Pow(beta1, Steps)),
            (float)(1 - Math.Pow(_spec.Beta2, Steps)));
        Device.AdamStep(step, parameter.Value.Span, parameter.Gradient.Span, _first[index].Span, _second[index].Span);
    }
}
