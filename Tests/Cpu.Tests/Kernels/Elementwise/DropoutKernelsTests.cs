using MLClassify.Engines.Cpu.Kernels.Elementwise;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Elementwise;

public class DropoutKernelsTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Apply_ManyValues_DropsTheShareAndScalesTheRest(float probability)
    {
        const int rows = 400;
        const int channels = 251;
        using var x = new Map(rows, channels, 2);
        x.Fill((row, c) => 1 + row + (c * 0.001f));
        float[] y = Apply(x, probability, 17, 2);

        int zeros = 0;
        for (int i = 0; i < y.Length; i++)
        {
            zeros += y[i] == 0 ? 1 : 0;
            Assert.True(y[i] == 0 || y[i] == x[i / channels, i % channels] * (1 / (1 - probability)), $"value {i}: {y[i]}");
        }

        // Five standard deviations of a binomial count.
        double expected = rows * channels * (double)probability;
        Assert.InRange(Math.Abs(zeros - expected), 0, 5 * Math.Sqrt(expected * (1 - probability)));
    }

    [Fact]
    public void Apply_SameSeed_SameMaskForAnyValuesStridesAndTeams()
    {
        using Map x = Map.Random(1, 700, 33, 2);
        using Map dy = Map.Random(2, 700, 33, 7);
        float[] forward = Apply(x, 0.4f, 99, 1);
        float[] backward = Apply(dy, 0.4f, 99, 3);
        for (int i = 0; i < forward.Length; i++)
        {
            Assert.Equal(forward[i] == 0, backward[i] == 0);
        }
    }

    [Fact]
    public void Apply_OtherSeed_MasksAreIndependent()
    {
        using var ones = new Map(500, 64);
        ones.Fill((_, _) => 1);
        float[] a = Apply(ones, 0.5f, 1, 2);
        float[] b = Apply(ones, 0.5f, 2, 2);
        int same = a.Zip(b, (l, r) => l == r ? 1 : 0).Sum();
        Assert.InRange(Math.Abs(same - 16000), 0, 5 * Math.Sqrt(8000));

        // Neighbors in a row and in a column agree half of the time, too.
        int across = Enumerable.Range(0, a.Length - 1).Sum(i => a[i] == a[i + 1] ? 1 : 0);
        int down = Enumerable.Range(0, a.Length - 64).Sum(i => a[i] == a[i + 64] ? 1 : 0);
        Assert.InRange(Math.Abs(across - 16000), 0, 5 * Math.Sqrt(8000));
        Assert.InRange(Math.Abs(down - 16000), 0, 5 * Math.Sqrt(8000) + 32);
    }

    [Fact]
    public void Apply_Accumulating_AddsAndInPlaceOverwrites()
    {
        using Map x = Map.Random(1, 50, 33, 2);
        using Map sum = Map.Random(2, 50, 33, 3);
        float[] existing = sum.ToArray();
        float[] alone = Apply(x, 0.3f, 5, 2);
        using var kernels = KernelSet.At(SimdLevel.Scalar);

        DropoutKernels.Apply(kernels.Team, 50, 33, 0.3f, 5, x.Pointer, sum.Pointer, true);
        DropoutKernels.Apply(kernels.Team, 50, 33, 0.3f, 5, x.Pointer, x.Pointer, false);

        Assert.Equal(existing.Zip(alone, (e, v) => e + v), sum.ToArray());
        Assert.Equal(alone, x.ToArray());
        sum.AssertSurroundingsUntouched();
        x.AssertSurroundingsUntouched();
    }

    private static float[] Apply(Map x, float probability, ulong seed, int threads)
    {
        using var kernels = KernelSet.At(SimdLevel.Scalar, threads);
        using var y = new Map(x.Rows, x.Channels, 1);
        DropoutKernels.Apply(kernels.Team, x.Rows, x.Channels, probability, seed, x.Pointer, y.Pointer, false);
        y.AssertSurroundingsUntouched();
        return y.ToArray();
    }
}
