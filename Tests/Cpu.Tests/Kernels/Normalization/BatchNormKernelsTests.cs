using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Normalization;

public unsafe class BatchNormKernelsTests
{
    // Channels around vectors and runs of four vectors; rows below, at and above a block of 16384 values.
    public static IEnumerable<string> Sizes { get; } = ["1x5", "2x1", "7x16", "5x15", "6x65", "250x64", "256x64", "257x64", "1100x83", "3x129", "40000x3"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void Statistics_AnySizes_MatchesDoublePrecisionOnAnyTeam(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using Map x = Map.Random(5, rows, channels, 3);
        (double[] mean, double[] variance) = Reference(x);
        float[]? first = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var kernels = KernelSet.At(level, threads);
            using var means = new Map(1, channels);
            using var variances = new Map(1, channels);

            kernels.Statistics(x, means, variances);

            // A block's sums have up to 16384 terms of at most 1, divided by as many: what remains is a few roundings of the mean's scale.
            Close.Assert(mean, means.ToArray(), Close.OfSum(1, 64), "mean");
            Close.Assert(variance, variances.ToArray(), Close.OfSum(1, 64), "variance");
            means.AssertSurroundingsUntouched();
            variances.AssertSurroundingsUntouched();
            float[] both = [.. means.ToArray(), .. variances.ToArray()];
            first ??= both;
            Close.AssertSameBits(first, both, "statistic");
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void Statistics_LargeMeanSmallDeviation_KeepsTheVariance(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using var x = new Map(rows, channels);
        var random = new Random(8);
        x.Fill((_, _) => (float)(1000 + (0.01 * Math.Sqrt(12) * (random.NextDouble() - 0.5))));
        (double[] mean, double[] variance) = Reference(x);
        using var kernels = KernelSet.At(level);
        using var means = new Map(1, channels);
        using var variances = new Map(1, channels);

        kernels.Statistics(x, means, variances);

        // A mean near 1000 is rounded by up to 2^-15 in its block and once more at the end: 6e-5 or 0.6 percent of the deviation.
        Close.Assert(mean, means.ToArray(), 1.0 / (1 << 14), "mean");
        Close.Assert(variance, variances.ToArray(), 1e-4 * 0.003, "variance");
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Statistics_ConstantChannel_VarianceIsZero(SimdLevel level)
    {
        using var x = new Map(3000, 70);
        x.Fill((_, c) => 0.1f * (c + 1));
        using var kernels = KernelSet.At(level);
        using var means = new Map(1, 70);
        using var variances = new Map(1, 70);

        kernels.Statistics(x, means, variances);

        Close.AssertSameBits([.. Enumerable.Range(0, 70).Select(c => x[0, c])], means.ToArray(), "mean");
        Assert.All(variances.ToArray(), v => Assert.Equal(0, v));
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void Apply_SeparateAndInPlace_MatchesFormula(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using Map x = Map.Random(1, rows, channels, 3);
        using Map mean = Map.Random(2, 1, channels);
        using Map factor = Map.Random(3, 1, channels);
        using Map offset = Map.Random(4, 1, channels);
        using var y = new Map(rows, channels, 5);
        using var kernels = KernelSet.At(level);
        double[] expected = Each(x, (row, c) => (((double)x[row, c] - mean[0, c]) * factor[0, c]) + offset[0, c]);

        kernels.Normalize(x, mean, factor, offset, y);
        kernels.Normalize(x, mean, factor, offset, x);

        Close.Assert(expected, y.ToArray(), Close.OfSum(2, 3), "output");
        Close.AssertSameBits(y.ToArray(), x.ToArray(), "in place");
        y.AssertSurroundingsUntouched();
        x.AssertSurroundingsUntouched();
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void GradientSums_AnySizes_MatchesDoublePrecisionOnAnyTeam(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using Map x = Map.Random(1, rows, channels, 3);
        using Map dy = Map.Random(2, rows, channels, 1);
        using Map mean = Map.Random(3, 1, channels);
        double[] expected = new double[2 * channels];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < channels; c++)
            {
                expected[c] += dy[row, c];
                expected[channels + c] += (double)dy[row, c] * ((double)x[row, c] - mean[0, c]);
            }
        }

        double[]? first = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var kernels = KernelSet.At(level, threads);
            double[] sums = new double[2 * channels];
            fixed (double* s = sums)
            {
                kernels.NormGradientSums(x, mean, dy, s, s + channels);
            }

            Close.Assert(expected, [.. sums.Select(v => (float)v)], Close.OfSum(2, rows + 1), "sum");
            first ??= sums;
            Assert.Equal(first, sums);
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void Gradient_WrittenAddedAndInPlace_MatchesFormula(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using Map x = Map.Random(1, rows, channels, 3);
        using Map dy = Map.Random(2, rows, channels, 1);
        using Map mean = Map.Random(3, 1, channels);
        using Map a = Map.Random(4, 1, channels);
        using Map b = Map.Random(5, 1, channels);
        using Map c = Map.Random(6, 1, channels);
        using Map dx = Map.Random(9, rows, channels, 2);
        using Map sum = Map.Random(9, rows, channels, 2);
        using var kernels = KernelSet.At(level);
        double[] expected = Each(x, (row, i) => ((double)a[0, i] * dy[row, i]) + ((double)b[0, i] * ((double)x[row, i] - mean[0, i])) + c[0, i]);
        double[] added = Each(x, (row, i) => ((double)a[0, i] * dy[row, i]) + ((double)b[0, i] * ((double)x[row, i] - mean[0, i])) + c[0, i] + sum[row, i]);

        kernels.NormGradient(x, mean, dy, a, b, c, dx, false);
        kernels.NormGradient(x, mean, dy, a, b, c, sum, true);
        kernels.NormGradient(x, mean, dy, a, b, c, dy, false);

        Close.Assert(expected, dx.ToArray(), Close.OfSum(2, 4), "written");
        Close.Assert(added, sum.ToArray(), Close.OfSum(2, 5), "added");
        Close.AssertSameBits(dx.ToArray(), dy.ToArray(), "in place");
        dx.AssertSurroundingsUntouched();
        sum.AssertSurroundingsUntouched();
    }

    private static (double[] Mean, double[] Variance) Reference(Map x)
    {
        double[] mean = new double[x.Channels];
        double[] variance = new double[x.Channels];
        for (int c = 0; c < x.Channels; c++)
        {
            for (int row = 0; row < x.Rows; row++)
            {
                mean[c] += x[row, c];
            }

            mean[c] /= x.Rows;
            for (int row = 0; row < x.Rows; row++)
            {
                variance[c] += (x[row, c] - mean[c]) * (x[row, c] - mean[c]);
            }

            variance[c] /= x.Rows;
        }

        return (mean, variance);
    }

    private static double[] Each(Map shape, Func<int, int, double> value)
    {
        double[] result = new double[shape.Rows * shape.Channels];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = value(i / shape.Channels, i % shape.Channels);
        }

        return result;
    }
}
