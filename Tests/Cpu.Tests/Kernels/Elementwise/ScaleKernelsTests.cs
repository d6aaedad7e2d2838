using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Elementwise;

public class ScaleKernelsTests
{
    public static IEnumerable<string> Channels { get; } = ["1", "15", "16", "17", "67"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Channels))]
    [LevelData(SimdLevel.Vector128, nameof(Channels))]
    [LevelData(SimdLevel.Vector256, nameof(Channels))]
    [LevelData(SimdLevel.Vector512, nameof(Channels))]
    internal void ForwardAndGradient_AnyChannels_MatchesFormula(SimdLevel level, string name)
    {
        const int batch = 3;
        const int pixels = 13;
        int channels = int.Parse(name);
        using var kernels = KernelSet.At(level, 2);
        using Map x = Map.Random(1, batch * pixels, channels, 1);
        using Map factors = Map.Random(2, batch, channels, 2);
        using Map dy = Map.Random(3, batch * pixels, channels, 3);
        using var y = new Map(batch * pixels, channels, 4);
        using var dx = new Map(batch * pixels, channels, 5);
        using var dfactors = new Map(batch, channels, 6);
        using Map sumX = Map.Random(4, batch * pixels, channels, 5);
        using Map sumFactors = Map.Random(5, batch, channels, 6);
        double[] products = new double[x.Rows * channels];
        double[] gradient = new double[x.Rows * channels];
        double[] factorGradient = new double[batch * channels];
        for (int i = 0; i < products.Length; i++)
        {
            (int row, int c) = (i / channels, i % channels);
            products[i] = (double)x[row, c] * factors[row / pixels, c];
            gradient[i] = (double)dy[row, c] * factors[row / pixels, c];
            factorGradient[(row / pixels * channels) + c] += (double)dy[row, c] * x[row, c];
        }

        double[] addedX = [.. gradient.Zip(sumX.ToArray(), (g, e) => g + e)];
        double[] addedFactors = [.. factorGradient.Zip(sumFactors.ToArray(), (g, e) => g + e)];

        kernels.Scale(batch, x, factors, y);
        kernels.ScaleGradient(batch, x, factors, dy, dx, false, dfactors, false);
        kernels.ScaleGradient(batch, x, factors, dy, sumX, true, null, false);
        kernels.ScaleGradient(batch, x, factors, dy, null, false, sumFactors, true);

        Close.Assert(products, y.ToArray(), Close.OfSum(1, 1), "output");
        Close.Assert(gradient, dx.ToArray(), Close.OfSum(1, 1), "map's gradient");
        Close.Assert(factorGradient, dfactors.ToArray(), Close.OfSum(1, pixels), "factors' gradient");
        Close.Assert(addedX, sumX.ToArray(), Close.OfSum(1, 2), "map's gradient, added");
        Close.Assert(addedFactors, sumFactors.ToArray(), Close.OfSum(1, pixels + 1), "factors' gradient, added");
        Assert.All([y, dx, dfactors, sumX, sumFactors], map => map.AssertSurroundingsUntouched());
    }
}
