using MLClassify.Engines.Cpu.Kernels.Pooling;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Pooling;

public class AveragePoolKernelsTests
{
    // Kernel 0: windows that cover the input evenly, fewer and more outputs than inputs.
    public static IEnumerable<string> Windows => [.. PoolReference.Windows, "2 9x8 21 0 0 0 1x1", "1 9x8 17 0 0 0 4x3", "1 3x2 5 0 0 0 7x5", "2 13x13 33 0 0 0 6x6", "1 6x6 16 0 0 0 6x6"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Windows))]
    [LevelData(SimdLevel.Vector128, nameof(Windows))]
    [LevelData(SimdLevel.Vector256, nameof(Windows))]
    [LevelData(SimdLevel.Vector512, nameof(Windows))]
    internal void ForwardAndGradient_AnyWindows_MatchesNaiveMeans(SimdLevel level, string name)
    {
        PoolGeometry g = PoolReference.Parse(name);
        using var kernels = KernelSet.At(level, 3);
        using Map x = Map.Random(1, PoolReference.InputRows(g), g.Channels, 3);
        using Map dy = Map.Random(2, PoolReference.OutputRows(g), g.Channels, 1);
        using var y = new Map(dy.Rows, g.Channels, 2);
        using var dx = new Map(x.Rows, g.Channels, 4);
        using Map sum = Map.Random(6, x.Rows, g.Channels, 4);
        double[] means = new double[dy.Rows * g.Channels];
        double[] gradient = new double[x.Rows * g.Channels];
        double[] added = [.. sum.ToArray().Select(v => (double)v)];
        for (int output = 0; output < dy.Rows; output++)
        {
            int[] window = [.. PoolReference.Window(g, output)];
            double share = 1.0 / (g.Kernel == 0 ? window.Length : g.Kernel * g.Kernel);
            for (int c = 0; c < g.Channels; c++)
            {
                foreach (int input in window)
                {
                    means[(output * g.Channels) + c] += x[input, c] * share;
                    gradient[(input * g.Channels) + c] += dy[output, c] * share;
                    added[(input * g.Channels) + c] += dy[output, c] * share;
                }
            }
        }

        kernels.AveragePool(g, x, y);
        kernels.AveragePoolGradient(g, dy, dx, false);
        kernels.AveragePoolGradient(g, dy, sum, true);

        // At most 81 values of at most 1 in a window or windows over a value; the share itself is rounded twice.
        Close.Assert(means, y.ToArray(), Close.OfSum(1, 4), "mean");
        Close.Assert(gradient, dx.ToArray(), Close.OfSum(1, 16), "written");
        Close.Assert(added, sum.ToArray(), Close.OfSum(1, 16), "added");
        y.AssertSurroundingsUntouched();
        dx.AssertSurroundingsUntouched();
        sum.AssertSurroundingsUntouched();
    }
}
