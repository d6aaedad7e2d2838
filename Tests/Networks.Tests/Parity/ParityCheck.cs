using MLClassify.Engines;

namespace MLClassify.Networks.Tests.Parity;

/// <summary>
/// Holds every network to PyTorch in float64: outputs, and in training mode the loss, every parameter's gradient, and momentum and
/// weights after three steps of SGD. <c>compare.sh</c> compares every value; here stand a tensor's norm, a projection and its largest
/// value. PyTorch's own float32 is within 3e-4 of these figures (<c>docs/parity.md</c>); inputs are chosen such that values stay clear of
/// kinks.
/// </summary>
internal static class ParityCheck
{
    private const double OutputTolerance = 1e-4;
    private const double Tolerance = 1e-3;
    private const int Steps = 3;

    // Below this share of the network's largest gradient, a gradient is zero but for rounding: a shift before the next normalization.
    private const double Zero = 1e-6;

    // What rounding leaves of such a gradient: sums of some thousand terms of the others' size, each off by 6e-8.
    private const double ZeroTolerance = 1e-4;

    // A small gradient is the difference of terms of the others' size, each rounded to 2^-24 of itself.
    private const double Rounding = 1.0 / (1 << 24);

    /// <summary>Holds an engine to the figures of a network.</summary>
    public static void Run(string network, Engine engine)
    {
        ParityCase expected = GoldenFiles.Read<ParityCase>(Path.Combine("parity", network + ".json"));
        using var run = new ParityRun(expected, engine);
        AssertClose(expected.Outputs, run.Evaluate(), OutputTolerance);
        for (int step = 0; step < Steps; step++)
        {
            double loss = run.Step();
            Assert.True(
                Math.Abs(loss - expected.Losses[step]) <= Tolerance * expected.Losses[step],
                $"loss of step {step}: expected {expected.Losses[step]}, found {loss}");
            if (step == 0)
            {
                AssertTensors(expected.Gradients, run.Gradients(), expected.Gradients.Max(g => Math.Abs(g[3])), "gradient");
            }
        }

        AssertTensors(expected.Momentum, run.Momenta(), 0, "momentum");
        AssertTensors(expected.Weights, run.Weights(), 0, "weights");
    }

    private static void AssertTensors(double[][] expected, IEnumerable<(string Name, float[] Values)> found, double largest, string what)
    {
        int index = 0;
        foreach ((string name, float[] values) in found)
        {
            double[] row = expected[index++];
            if (Math.Abs(row[3]) < Zero * largest)
            {
                Assert.True(values.Max(Math.Abs) <= ZeroTolerance * largest, $"{what} of {name}: expected zero, found {values.Max(Math.Abs)}");
                continue;
            }

            (double norm, double projection) = Measure(name, values);
            double least = Rounding * largest;
            AssertNear(row[0], norm, row[0], least, $"{what} of {name}: norm");
            AssertNear(row[1], projection, row[0], least, $"{what} of {name}: projection");
            AssertNear(row[3], values[(int)row[2]], Math.Abs(row[3]), least, $"{what} of {name}: value {row[2]}");
        }

        Assert.Equal(expected.Length, index);
    }

    // The projection is on a fixed direction, which notices permuted values.
    private static (double Norm, double Projection) Measure(string name, float[] values)
    {
        uint seed = FormulaValues.Seed("projection." + name);
        double squares = 0;
        double projection = 0;
        for (int i = 0; i < values.Length; i++)
        {
            squares += (double)values[i] * values[i];
            projection += values[i] * FormulaValues.Uniform(seed, i);
        }

        return (Math.Sqrt(squares), projection);
    }

    private static void AssertClose(double[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance * scale));
    }

    private static void AssertNear(double expected, double found, double scale, double least, string what) =>
        Assert.True(Math.Abs(expected - found) <= Math.Max(Tolerance * scale, least), $"{what}: expected {expected}, found {found}, of {scale}");
}
