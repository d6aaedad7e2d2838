using MLClassify.Engines.Cpu.Kernels.Normalization;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Tests.Support;

namespace MLClassify.Engines.Cpu.Tests.Normalization;

public class LocalResponseNormKernelsTests
{
    public static TheoryData<int, float, float, float, int> Constants => new()
    {
        { 5, 2, 1e-4f, 0.75f, 96 },
        { 5, 2, 0.5f, 0.75f, 11 },
        { 3, 1, 0.2f, 0.5f, 7 },
        { 7, 1, 0.3f, 1.5f, 2 },
        { 1, 0.5f, 0.7f, 0.75f, 5 },
    };

    [Theory]
    [MemberData(nameof(Constants))]
    public void Forward_AnyConstants_MatchesFormula(int size, float k, float alpha, float beta, int channels)
    {
        using Map x = Map.Random(1, 37, channels, 3);
        using var y = new Map(37, channels, 2);
        using var kernels = KernelSet.At(SimdLevel.Scalar, 3);

        LocalResponseNormKernels.Forward(kernels.Team, kernels.Workspace, new(size, k, alpha, beta), x.Rows, channels, x.Pointer, y.Pointer);

        double[] values = [.. x.ToArray().Select(v => (double)v)];

        // s has a relative error of about size roundings, the power passes beta of it on, root and quotient add some: at most 2^-20.
        Close.Assert(Forward(values, channels, size, k, alpha, beta), y.ToArray(), Math.Pow(k, -beta) / (1 << 20), "output");
        y.AssertSurroundingsUntouched();
    }

    [Theory]
    [MemberData(nameof(Constants))]
    public void Gradient_AnyConstants_MatchesCentralDifferences(int size, float k, float alpha, float beta, int channels)
    {
        using Map x = Map.Random(1, 37, channels, 3);
        using Map dy = Map.Random(2, 37, channels, 1);
        using var y = new Map(37, channels);
        using Map dx = Map.Random(3, 37, channels, 2);
        using Map sum = Map.Random(3, 37, channels, 2);
        using var kernels = KernelSet.At(SimdLevel.Scalar, 3);
        LocalResponseNormConstants constants = new(size, k, alpha, beta);
        float[] existing = dx.ToArray();

        LocalResponseNormKernels.Forward(kernels.Team, kernels.Workspace, constants, x.Rows, channels, x.Pointer, y.Pointer);
        LocalResponseNormKernels.Gradient(kernels.Team, kernels.Workspace, constants, x.Rows, channels, x.Pointer, y.Pointer, dy.Pointer, dx.Pointer, false);
        LocalResponseNormKernels.Gradient(kernels.Team, kernels.Workspace, constants, x.Rows, channels, x.Pointer, y.Pointer, dy.Pointer, sum.Pointer, true);

        double[] expected = CentralDifferences(x, dy, size, k, alpha, beta);
        Close.Assert(expected, dx.ToArray(), Math.Pow(k, -beta) / (1 << 18), "written");
        Close.Assert([.. expected.Zip(existing, (g, e) => g + e)], sum.ToArray(), Math.Pow(k, -beta) / (1 << 18), "added");
        dx.AssertSurroundingsUntouched();
        sum.AssertSurroundingsUntouched();
    }

    private static double[] CentralDifferences(Map x, Map dy, int size, float k, float alpha, float beta)
    {
        // The third derivative's share and the rounding's are both below 1e-10.
        const double step = 1e-5;
        int channels = x.Channels;
        double[] values = [.. x.ToArray().Select(v => (double)v)];
        double[] result = new double[values.Length];
        for (int c = 0; c < channels; c++)
        {
            // Rows do not mix, so that every row's channel c is moved at once.
            double[] above = Forward(Moved(values, channels, c, step), channels, size, k, alpha, beta);
            double[] below = Forward(Moved(values, channels, c, -step), channels, size, k, alpha, beta);
            for (int i = 0; i < values.Length; i++)
            {
                result[(i / channels * channels) + c] += dy[i / channels, i % channels] * (above[i] - below[i]) / (2 * step);
            }
        }

        return result;
    }

    private static double[] Moved(double[] values, int channels, int channel, double distance)
    {
        double[] moved = [.. values];
        for (int i = channel; i < moved.Length; i += channels)
        {
            moved[i] += distance;
        }

        return moved;
    }

    private static double[] Forward(double[] x, int channels, int size, float k, float alpha, float beta)
    {
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int first = i / channels * channels;
            double sum = 0;
            for (int j = Math.Max(first, i - (size / 2)); j <= Math.Min(first + channels - 1, i + (size / 2)); j++)
            {
                sum += x[j] * x[j];
            }

            y[i] = x[i] * Math.Pow(k + (alpha * sum), -beta);
        }

        return y;
    }
}
