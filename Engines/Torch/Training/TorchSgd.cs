using MLClassify.Engines.Torch.Parameters;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>Carries out <see cref="SgdSpec"/>. The velocity is made when a step first has momentum.</summary>
internal sealed class TorchSgd(SgdSpec spec, TrainedRun[] runs, ParameterLayout layout, Device device) : TorchOptimizer(runs, layout, device)
{
    private Tensor? _velocity;

    public override void EnsureState() => _velocity ??= AllocateState("velocity");

    protected override void Update(TrainedRun run, long offset, StepSettings settings)
    {
        double momentum = settings.Momentum ?? spec.Momentum;
        Tensor direction = WithDecay(run);
        if (momentum != 0)
        {
            EnsureState();
            Tensor velocity = _velocity!.narrow(0, offset, run.Values.NumberOfElements);
            velocity.mul_((float)momentum).add_(direction);
            direction = spec.Nesterov ? direction.add(velocity, (float)momentum) : velocity;
        }

        Move(run, direction, settings.RateFactor);
    }
}
