using MLClassify.Common;

namespace MLClassify.Trainers;

/// <summary>Draws from the symmetric beta distribution, as a quotient of gamma variates.</summary>
internal static class BetaDistribution
{
    /// <summary>A number in 0..1.</summary>
    /// <param name="alpha">Both parameters; above 0.</param>
    /// <param name="random">The random generator.</param>
    public static double Next(double alpha, ref CounterRandom random)
    {
        double first = LogGamma(alpha, ref random);
        double second = LogGamma(alpha, ref random);

        // In logarithms: with a small alpha both variates may be below the smallest number.
        return 1 / (1 + Math.Exp(second - first));
    }

    // The logarithm of a gamma variate (Marsaglia and Tsang 2000, "A simple method for generating gamma variables"); below 1 by way of
    // alpha + 1, as their section 6 has it.
    private static double LogGamma(double alpha, ref CounterRandom random)
    {
        if (alpha < 1)
        {
            return LogGamma(alpha + 1, ref random) + (Math.Log(1 - random.NextDouble()) / alpha);
        }

        double d = alpha - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(ref random);
            double v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return Math.Log(d * v);
            }
        }
    }

    private static double Normal(ref CounterRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
