using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Elementwise;

public class ElementwiseKernelsTests
{
    // Items hold 16384 values; a single wide row is one item however wide it is.
    public static IEnumerable<string> Sizes { get; } = ["1x1", "3x15", "4x16", "5x17", "7x33", "1x20000", "2x20000", "1500x23", "16x1024", "16385x1"];

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void CopyAndAdd_DenseAndSlices_AreExact(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using var kernels = KernelSet.At(level, 3);
        foreach (int gap in new[] { 0, 5 })
        {
            using Map a = Map.Random(1, rows, channels, gap);
            using Map b = Map.Random(2, rows, channels, gap);
            using var copy = new Map(rows, channels, gap);
            using var total = new Map(rows, channels, gap);

            kernels.Copy(a, copy, false);
            kernels.Add(a, b, total);
            Assert.Equal(a.ToArray(), copy.ToArray());
            Assert.Equal(a.ToArray().Zip(b.ToArray(), (l, r) => l + r), total.ToArray());

            kernels.Copy(b, copy, true);
            Assert.Equal(total.ToArray(), copy.ToArray());
            copy.AssertSurroundingsUntouched();
            total.AssertSurroundingsUntouched();
        }
    }

    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void Relu_KinksAndNotANumber_FollowTheDefinition(SimdLevel level)
    {
        float[] special = [-1, -0.0f, 0, 1e-38f, 0.5f, 5.9999995f, 6, 6.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        float[] plain = [0, 0, 0, 1e-38f, 0.5f, 5.9999995f, 6, 6.5f, float.PositiveInfinity, 0, float.NaN];
        float[] six = [0, 0, 0, 1e-38f, 0.5f, 5.9999995f, 6, 6, 6, 0, float.NaN];
        using var kernels = KernelSet.At(level);
        using var x = new Map(7, 33, 2);
        x.Fill((row, c) => special[((row * 33) + c) % special.Length]);
        using var y = new Map(7, 33, 1);

        kernels.Relu(float.PositiveInfinity, x, y);
        Assert.Equal(Enumerable.Range(0, 231).Select(i => plain[i % plain.Length]), y.ToArray());
        kernels.Relu(6, x, y);
        Assert.Equal(Enumerable.Range(0, 231).Select(i => six[i % six.Length]), y.ToArray());
        y.AssertSurroundingsUntouched();

        // The gradient is told from the output, here the clipped one.
        using Map dy = Map.Random(3, 7, 33, 4);
        using var dx = new Map(7, 33, 5);
        kernels.ReluGradient(6, y, dy, dx, false);
        using Map sum = Map.Random(4, 7, 33, 5);
        float[] existing = sum.ToArray();
        kernels.ReluGradient(6, y, dy, sum, true);
        float[] slopes = dy.ToArray();
        for (int i = 0; i < 231; i++)
        {
            float output = y.ToArray()[i];
            float expected = output is > 0 and < 6 ? slopes[i] : 0;
            Assert.Equal(expected, dx.ToArray()[i]);
            Assert.Equal(existing[i] + expected, sum.ToArray()[i]);
        }

        dx.AssertSurroundingsUntouched();
    }

    [Theory]
    [LevelData(SimdLevel.Scalar, nameof(Sizes))]
    [LevelData(SimdLevel.Vector128, nameof(Sizes))]
    [LevelData(SimdLevel.Vector256, nameof(Sizes))]
    [LevelData(SimdLevel.Vector512, nameof(Sizes))]
    internal void SigmoidGradient_AnySizes_MatchesFormula(SimdLevel level, string size)
    {
        (int rows, int channels) = Sides.Of(size);
        using var kernels = KernelSet.At(level, 3);
        using Map y = Map.Random(1, rows, channels, 1);
        using Map dy = Map.Random(2, rows, channels, 2);
        using var dx = new Map(rows, channels, 3);

        kernels.SigmoidGradient(y, dy, dx, false);

        Close.Assert([.. y.ToArray().Zip(dy.ToArray(), (v, g) => (double)g * v * (1 - (double)v))], dx.ToArray(), Close.OfSum(2, 3), "gradient");
        dx.AssertSurroundingsUntouched();
    }
}
