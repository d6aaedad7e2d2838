using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests;

public class OptimizerKernelsTests
{
    // Items hold 16384 values.
    private const int Count = 33000 + 13;
    private const int Steps = 4;

    public static IEnumerable<string> SgdVariants { get; } = ["plain", "momentum", "nesterov", "decay"];

    public static IEnumerable<string> AdamVariants { get; } = ["adam", "adam decay", "adamw"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(SgdVariants))]
    [LevelData(SimdLevel.Vector128, nameof(SgdVariants))]
    [LevelData(SimdLevel.Vector256, nameof(SgdVariants))]
    [LevelData(SimdLevel.Vector512, nameof(SgdVariants))]
    internal void Sgd_SeveralSteps_MatchesScalarDefinition(SimdLevel level, string variant)
    {
        var step = new SgdStep(0.05f, variant == "plain" ? 0 : 0.9f, variant is "decay" or "nesterov" ? 0.01f : 0, variant == "nesterov");
        using var kernels = KernelSet.At(level, 3);
        using Map values = Map.Random(1, 1, Count);
        using var velocity = new Map(1, Count);
        velocity.Fill((_, _) => 0);
        double[] w = [.. values.ToArray().Select(v => (double)v)];
        double[] v = new double[Count];
        for (int t = 0; t < Steps; t++)
        {
            using Map gradients = Map.Random(10 + t, 1, Count);
            kernels.Sgd(step, values, gradients, variant == "plain" ? null : velocity);
            for (int i = 0; i < Count; i++)
            {
                double g = gradients[0, i] + (step.WeightDecay * w[i]);
                v[i] = (step.Momentum * v[i]) + g;
                w[i] -= step.LearningRate * (step.Nesterov ? g + (step.Momentum * v[i]) : v[i]);
            }
        }

        // Values stay below 2 and their roundings add up; velocities stay below 4.
        Close.Assert(w, values.ToArray(), Close.OfSum(2, 2 * Steps), "value");
        if (variant != "plain")
        {
            Close.Assert(v, velocity.ToArray(), Close.OfSum(4, 2 * Steps), "velocity");
        }

        values.AssertSurroundingsUntouched();
        velocity.AssertSurroundingsUntouched();
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(AdamVariants))]
    [LevelData(SimdLevel.Vector128, nameof(AdamVariants))]
    [LevelData(SimdLevel.Vector256, nameof(AdamVariants))]
    [LevelData(SimdLevel.Vector512, nameof(AdamVariants))]
    internal void Adam_SeveralSteps_MatchesScalarDefinition(SimdLevel level, string variant)
    {
        const float rate = 0.01f;
        const float beta1 = 0.9f;
        const float beta2 = 0.999f;
        const float epsilon = 1e-8f;
        float decay = variant == "adam" ? 0 : 0.1f;
        bool decoupled = variant == "adamw";
        using var kernels = KernelSet.At(level, 3);
        using Map values = Map.Random(1, 1, Count);
        using var first = new Map(1, Count);
        using var second = new Map(1, Count);
        first.Fill((_, _) => 0);
        second.Fill((_, _) => 0);
        double[] w = [.. values.ToArray().Select(v => (double)v)];
        double[] m = new double[Count];
        double[] s = new double[Count];
        for (int t = 1; t <= Steps; t++)
        {
            using Map gradients = Map.Random(10 + t, 1, Count);
            double correction1 = 1 - Math.Pow(beta1, t);
            double correction2 = 1 - Math.Pow(beta2, t);
            kernels.Adam(new AdamStep(rate, beta1, beta2, epsilon, decay, decoupled, (float)correction1, (float)correction2), values, gradients, first, second);
            for (int i = 0; i < Count; i++)
            {
                double g = gradients[0, i] + (decoupled ? 0 : decay * w[i]);
                w[i] *= decoupled ? 1 - ((double)rate * decay) : 1;
                m[i] = (beta1 * m[i]) + ((1 - (double)beta1) * g);
                s[i] = (beta2 * s[i]) + ((1 - (double)beta2) * g * g);
                w[i] -= rate * (m[i] / correction1) / (Math.Sqrt(s[i] / correction2) + epsilon);
            }
        }

        // Each step moves a value by at most the rate times about 1, of which a few dozen roundings are lost; the values' own
        // roundings come on top.
        Close.Assert(w, values.ToArray(), Close.OfSum(1, 2 * Steps) + (Steps * rate * Math.Pow(2, -18)), "value");
        Close.Assert(m, first.ToArray(), Close.OfSum(1, 4 * Steps), "first moment");
        Close.Assert(s, second.ToArray(), Close.OfSum(0.005, 4 * Steps), "second moment");
        values.AssertSurroundingsUntouched();
        first.AssertSurroundingsUntouched();
        second.AssertSurroundingsUntouched();
    }
}
