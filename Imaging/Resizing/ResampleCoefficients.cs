using System.Buffers;

namespace MLClassify.Imaging.Resizing;

/// <summary>
/// The taps of one axis: for every output of the window, the first input and the fixed-point weights. Weights are scaled by
/// 2^<see cref="PrecisionBits"/>; 8-bit values times weights that sum to one need 30 bits, and two are left for the overshoot of a
/// cubic kernel, so sums stay within 32 bits.
/// </summary>
internal readonly struct ResampleCoefficients : IDisposable
{
    public const int PrecisionBits = 32 - 8 - 2;
    public const int Rounding = 1 << (PrecisionBits - 1);

    private ResampleCoefficients(int count, int stride, bool isIdentity)
    {
        Count = count;
        Stride = stride;
        IsIdentity = isIdentity;
        Starts = ArrayPool<int>.Shared.Rent(count);
        Lengths = ArrayPool<int>.Shared.Rent(count);
        Weights = ArrayPool<int>.Shared.Rent(checked(count * stride));
    }

    /// <summary>Outputs in the window.</summary>
    public int Count { get; }

    /// <summary>Weights an output, a multiple of 4; those beyond the length are zero.</summary>
    public int Stride { get; }

    /// <summary>Whether the window is a plain copy of the inputs from the first start on.</summary>
    public bool IsIdentity { get; }

    public int[] Starts { get; }

    public int[] Lengths { get; }

    public int[] Weights { get; }

    /// <summary>The first input that any output of the window needs.</summary>
    public int First => Starts[0];

    /// <summary>One past the last input that any output of the window needs.</summary>
    public int End => Starts[Count - 1] + Lengths[Count - 1];

    /// <summary>How many weights an output has room for.</summary>
    public static int TapStride(Interpolation interpolation, int inputSize, long outputSize)
    {
        double support = ResampleFilter.Support(interpolation) * Math.Max((double)inputSize / outputSize, 1.0);
        int taps = (int)Math.Min((2 * Math.Ceiling(support)) + 1, inputSize);
        return (taps + 3) & ~3;
    }

    /// <summary>
    /// Computes the taps of the outputs <paramref name="offset"/>, ..., <c>offset + count - 1</c> of <paramref name="outputSize"/>.
    /// </summary>
    public static ResampleCoefficients Create(Interpolation interpolation, int inputSize, long outputSize, long offset, int count)
    {
        int stride = TapStride(interpolation, inputSize, outputSize);
        var result = new ResampleCoefficients(count, stride, inputSize == outputSize);
        if (result.IsIdentity)
        {
            result.FillIdentity((int)offset);
            return result;
        }

        double[] scratch = ArrayPool<double>.Shared.Rent(stride);
        double scale = (double)inputSize / outputSize;
        double filterScale = Math.Max(scale, 1.0);
        for (int i = 0; i < count; i++)
        {
            double center = (offset + i + 0.5) * scale;
            result.Fill(interpolation, i, center, filterScale, inputSize, scratch);
        }

        ArrayPool<double>.Shared.Return(scratch);
        return result;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(Starts);
        ArrayPool<int>.Shared.Return(Lengths);
        ArrayPool<int>.Shared.Return(Weights);
    }

    // Both kernels are 1 at zero and 0 at the other integers, so a side that keeps its length is copied.
    private void FillIdentity(int offset)
    {
        Weights.AsSpan(0, Count * Stride).Clear();
        for (int i = 0; i < Count; i++)
        {
            Starts[i] = offset + i;
            Lengths[i] = 1;
            Weights[i * Stride] = 1 << PrecisionBits;
        }
    }

    // The order of operations decides the last bit, and the last bit decides whether the result is Pillow's.
    private void Fill(Interpolation interpolation, int index, double center, double filterScale, int inputSize, double[] scratch)
    {
        double support = ResampleFilter.Support(interpolation) * filterScale;
        double inverse = 1.0 / filterScale;
        int start = Math.Max((int)(center - support + 0.5), 0);
        int length = (int)Math.Min(center + support + 0.5, inputSize) - start;
        double sum = 0.0;
        for (int i = 0; i < length; i++)
        {
            double weight = ResampleFilter.Evaluate(interpolation, (i + start - center + 0.5) * inverse);
            scratch[i] = weight;
            sum += weight;
        }

        Span<int> weights = Weights.AsSpan(index * Stride, Stride);
        for (int i = 0; i < length; i++)
        {
            double scaled = (sum == 0.0 ? scratch[i] : scratch[i] / sum) * (1 << PrecisionBits);
            weights[i] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }

        weights[length..].Clear();
        Starts[index] = start;
        Lengths[index] = length;
    }
}
