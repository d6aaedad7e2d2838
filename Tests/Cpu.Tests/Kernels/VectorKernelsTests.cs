using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests;

public class VectorKernelsTests
{
    // Items hold 16384 values.
    private static readonly int[] Counts = [1, 7, 16, 16384, 33000 + 13];

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Axpby_Values_MatchesDefinition(SimdLevel level)
    {
        foreach (int count in Counts)
        {
            using var kernels = KernelSet.At(level, 3);
            using Map x = Map.Random(1, 1, count);
            using Map y = Map.Random(2, 1, count);
            double[] expected = [.. Enumerable.Range(0, count).Select(i => (0.3f * (double)x[0, i]) + (-1.7f * (double)y[0, i]))];
            kernels.Axpby(0.3f, x, -1.7f, y);

            // Two roundings of values below 2.
            Close.Assert(expected, y.ToArray(), Close.OfSum(2, 2), "value");
            y.AssertSurroundingsUntouched();
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void SumOfSquares_Values_MatchesDefinition(SimdLevel level)
    {
        foreach (int count in Counts)
        {
            using var kernels = KernelSet.At(level, 3);
            using var one = KernelSet.At(level, 1);
            using Map x = Map.Random(3, 1, count);
            double expected = x.ToArray().Sum(v => (double)v * v);

            // A lane of plain floats adds up to 16384 squares; each addition rounds by at most 2^-24 of the sum so far.
            Assert.Equal(expected, kernels.SumOfSquares(x), Math.Min(count, 16384) * Math.Pow(2, -24) * expected);
            Assert.Equal(kernels.SumOfSquares(x), one.SumOfSquares(x));
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void SumOfSquares_OneValueIsNotFinite_IsNotFinite(SimdLevel level)
    {
        foreach (int count in Counts)
        {
            using var kernels = KernelSet.At(level, 2);
            foreach (int place in new[] { 0, count / 2, count - 1 })
            {
                foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    using var x = new Map(1, count);
                    x.Fill((_, c) => c == place ? value : 1);
                    Assert.False(double.IsFinite(kernels.SumOfSquares(x)));
                }
            }
        }
    }
}
