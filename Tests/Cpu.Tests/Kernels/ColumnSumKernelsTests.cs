using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests;

public class ColumnSumKernelsTests
{
    // Blocks hold 16384 values: one row too few, one too many, several, and channels around every width.
    public static IEnumerable<string> Sizes { get; } = ["1x1", "1x17", "5x16", "3x15", "7x33", "963x17", "964x17", "3000x19", "2x20000", "4100x8"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void Run_AnySizes_MatchesDoubleSumsOnAnyTeam(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using Map x = Map.Random(3, rows, channels, 2);
        double[] expected = new double[channels];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < channels; c++)
            {
                expected[c] += x[row, c];
            }
        }

        float[]? first = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var kernels = KernelSet.At(level, threads);
            using var sums = new Map(1, channels);
            kernels.ColumnSums(x, sums);
            Close.Assert(expected, sums.ToArray(), Close.OfSum(1, rows), "sum");
            sums.AssertSurroundingsUntouched();
            first ??= sums.ToArray();
            Close.AssertSameBits(first, sums.ToArray(), "sum");
        }
    }
}
