using MLClassify.Engines.Cpu.Kernels.Pooling;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Pooling;

public class MaxPoolKernelsTests
{
    public static IEnumerable<string> Windows => PoolReference.Windows;

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Windows))]
    [LevelData(SimdLevel.Vector128, nameof(Windows))]
    [LevelData(SimdLevel.Vector256, nameof(Windows))]
    [LevelData(SimdLevel.Vector512, nameof(Windows))]
    internal void ForwardAndGradient_TiesAndNegatives_FirstWinnerTakesAll(SimdLevel level, string name)
    {
        PoolGeometry g = PoolReference.Parse(name);
        using var kernels = KernelSet.At(level, 3);
        using var x = new Map(PoolReference.InputRows(g), g.Channels, 3);
        var random = new Random(4);

        // Few different values, most of them negative: ties are common, and a border of zeros would win.
        x.Fill((_, _) => random.Next(-6, 1) * 0.25f);
        using Map dy = Map.Random(2, PoolReference.OutputRows(g), g.Channels, 1);
        using var y = new Map(dy.Rows, g.Channels, 2);
        using var winners = new Map(dy.Rows, g.Channels);
        using var dx = new Map(x.Rows, g.Channels, 4);
        using Map sum = Map.Random(6, x.Rows, g.Channels, 4);
        double[] gradient = new double[x.Rows * g.Channels];
        double[] added = [.. sum.ToArray().Select(v => (double)v)];
        float[] maxima = new float[dy.Rows * g.Channels];
        for (int output = 0; output < dy.Rows; output++)
        {
            for (int c = 0; c < g.Channels; c++)
            {
                int winner = PoolReference.Window(g, output).Aggregate((best, next) => x[next, c] > x[best, c] ? next : best);
                maxima[(output * g.Channels) + c] = x[winner, c];
                gradient[(winner * g.Channels) + c] += dy[output, c];
                added[(winner * g.Channels) + c] += dy[output, c];
            }
        }

        kernels.MaxPool(g, x, y, winners);
        kernels.MaxPoolGradient(g, dy, winners, dx, false);
        kernels.MaxPoolGradient(g, dy, winners, sum, true);

        Assert.Equal(maxima, y.ToArray());
        Close.Assert(gradient, dx.ToArray(), Close.OfSum(1, g.Kernel * g.Kernel), "written");
        Close.Assert(added, sum.ToArray(), Close.OfSum(1, (g.Kernel * g.Kernel) + 1), "added");
        y.AssertSurroundingsUntouched();
        winners.AssertSurroundingsUntouched();
        dx.AssertSurroundingsUntouched();
        sum.AssertSurroundingsUntouched();
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Forward_NotANumber_IsNotHidden(SimdLevel level)
    {
        PoolGeometry g = PoolReference.Parse("1 6x5 17 3 1 1 6x5");
        using var kernels = KernelSet.At(level);
        using Map x = Map.Random(1, 30, 17);
        x[12, 16] = float.NaN;
        x[12, 2] = float.NaN;
        using var y = new Map(30, 17);
        using var winners = new Map(30, 17);

        kernels.MaxPool(g, x, y, winners);

        for (int row = 0; row < 30; row++)
        {
            bool near = PoolReference.Window(g, row).Contains(12);
            Assert.Equal(near, float.IsNaN(y[row, 2]));
            Assert.Equal(near, float.IsNaN(y[row, 16]));
            Assert.False(float.IsNaN(y[row, 3]));
        }
    }
}
