using System.Numerics;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// The factor of the loss that keeps float16's small gradients from vanishing (Micikevicius et al. 2018, arXiv:1710.03740): halved when a
/// gradient overflows, doubled after many steps without. 1 for every other precision.
/// </summary>
/// <param name="precision">The precision of the arithmetic.</param>
/// <param name="samples">Samples of a batch, over which losses are summed: the factor begins smaller by that.</param>
internal sealed class LossScale(ComputePrecision precision, int samples)
{
    private const double Initial = 65_536;
    private const double Largest = 16_777_216;
    private const int StepsToDouble = 2_000;

    private int _steps;

    /// <summary>Whether the factor may change.</summary>
    public bool IsActive { get; } = precision == ComputePrecision.Float16;

    /// <summary>The factor.</summary>
    public double Value { get; private set; } = precision == ComputePrecision.Float16 ? Initial / BitOperations.RoundUpToPowerOf2((uint)samples) : 1;

    /// <summary>A step was made.</summary>
    public void Success()
    {
        if (IsActive && ++_steps % StepsToDouble == 0)
        {
            Value = Math.Min(Largest, Value * 2);
        }
    }

    /// <summary>A gradient was not finite.</summary>
    /// <returns>Whether a smaller factor may help.</returns>
    public bool Overflow()
    {
        _steps = 0;
        if (!IsActive || Value <= 1)
        {
            return false;
        }

        Value /= 2;
        return true;
    }
}
