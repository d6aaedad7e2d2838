using MLClassify.Engines.Torch.Parameters;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>Carries out <see cref="AdamSpec"/>; both moments start at zero.</summary>
internal sealed class TorchAdam : TorchOptimizer
{
    private readonly AdamSpec _spec;
    private readonly Tensor _first;
    private readonly Tensor _second;

    public TorchAdam(AdamSpec spec, TrainedRun[] runs, ParameterLayout layout, Device device)
        : base(runs, layout, device)
    {
        _spec = spec;
        _first = AllocateState("first");
        _second = AllocateState("second");
    }

    protected override void Update(TrainedRun run, long offset, StepSettings settings)
    {
        double beta1 = settings.Momentum ?? _spec.Beta1;
        Tensor gradient = run.Gradients;
        if (_spec.Decoupled && run.HasDecay)
        {
            Decay(run, settings.RateFactor);
        }
        else if (!_spec.Decoupled)
        {
            gradient = WithDecay(run);
        }

        long length = run.Values.NumberOfElements;
        Tensor first = _first.narrow(0, offset, length);
        Tensor second = _second.narrow(0, offset, length);
        first.mul_((float)beta1).add_(gradient, (float)(1 - beta1));
        second.mul_((float)_spec.Beta2).addcmul_(gradient, gradient, (float)(1 - _spec.Beta2));
        Tensor root = second.div(1 - Math.Pow(_spec.Beta2, Steps)).sqrt_().add_((float)_spec.Epsilon);
        Move(run, first.div(root), settings.RateFactor / (1 - Math.Pow(beta1, Steps)));
    }

    private static void Decay(TrainedRun run, double factor)
    {
        if (run.Rates is null && run.Decays is null)
        {
            run.Values.mul_((float)(1 - (factor * run.Rate * run.Decay)));
            return;
        }

        Tensor share = run.Rates is { } rates ? rates.mul((float)factor) : full_like(run.Decays!, factor * run.Rate);
        share = run.Decays is { } decays ? share.mul(decays) : share.mul((float)run.Decay);
        run.Values.addcmul_(run.Values, share, -1);
    }
}
