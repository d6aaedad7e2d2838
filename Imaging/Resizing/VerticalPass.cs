using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Resizing;

/// <summary>Filters along columns: every output row is a weighted sum of the intermediate's rows, byte by byte.</summary>
internal static unsafe class VerticalPass
{
    // Bytes a step; intermediate rows are padded to whole steps, so loads need no remainder.
    private const int Step = 32;

    /// <summary>The intermediate's row stride: room for a whole last step, and for the byte that the horizontal pass spills.</summary>
    public static int PaddedStride(int rowLength) => checked(rowLength + Step) & ~(Step - 1);

    /// <summary>Computes all output rows of the window.</summary>
    /// <param name="input">The intermediate rows.</param>
    /// <param name="inputStride">Their <see cref="PaddedStride"/>.</param>
    /// <param name="firstRow">The source row that the intermediate's first row stands for.</param>
    /// <param name="taps">The rows' taps, counted in source rows.</param>
    /// <param name="output">Receives the rows.</param>
    /// <param name="outputStride">Bytes from one output row to the next.</param>
    /// <param name="rowLength">Bytes of an output row.</param>
    /// <param name="path">The implementation.</param>
    public static void Run(
        byte* input, int inputStride, int firstRow, in ResampleCoefficients taps,
        byte* output, int outputStride, int rowLength, ResamplePath path)
    {
        byte* last = stackalloc byte[Step];
        fixed (int* weights = taps.Weights)
        {
            for (int y = 0; y < taps.Count; y++)
            {
                byte* rows = input + ((long)(taps.Starts[y] - firstRow) * inputStride);
                byte* outputRow = output + ((long)y * outputStride);
                if (taps.IsIdentity)
                {
                    new ReadOnlySpan<byte>(rows, rowLength).CopyTo(new Span<byte>(outputRow, rowLength));
                    continue;
                }

                int* rowWeights = weights + ((long)y * taps.Stride);
                int x = 0;
                for (; x <= rowLength - Step; x += Step)
                {
                    Filter(rows + x, inputStride, rowWeights, taps.Lengths[y], outputRow + x, path);
                }

                if (x < rowLength)
                {
                    Filter(rows + x, inputStride, rowWeights, taps.Lengths[y], last, path);
                    new ReadOnlySpan<byte>(last, rowLength - x).CopyTo(new Span<byte>(outputRow + x, rowLength - x));
                }
            }
        }
    }

    private static void Filter(byte* input, int stride, int* weights, int length, byte* output, ResamplePath path)
    {
        switch (path)
        {
            case ResamplePath.Avx2:
                FilterAvx2(input, stride, weights, length, output);
                break;
            case ResamplePath.Vector128:
                FilterVector128(input, stride, weights, length, output);
                FilterVector128(input + 16, stride, weights, length, output + 16);
                break;
            default:
                FilterScalar(input, stride, weights, length, output);
                break;
        }
    }

    private static void FilterScalar(byte* input, int stride, int* weights, int length, byte* output)
    {
        for (int x = 0; x < Step; x++)
        {
            int sum = ResampleCoefficients.Rounding;
            for (int i = 0; i < length; i++)
            {
                sum += input[x + ((long)i * stride)] * weights[i];
            }

            output[x] = (byte)Math.Clamp(sum >> ResampleCoefficients.PrecisionBits, 0, 255);
        }
    }

    // 16 bytes as four vectors of 32-bit sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FilterVector128(byte* input, int stride, int* weights, int length, byte* output)
    {
        Vector128<int> sum0 = Vector128.Create(ResampleCoefficients.Rounding);
        Vector128<int> sum1 = sum0;
        Vector128<int> sum2 = sum0;
        Vector128<int> sum3 = sum0;
        for (int i = 0; i < length; i++)
        {
            Vector128<int> weight = Vector128.Create(weights[i]);
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(input + ((long)i * stride)));
            (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
            (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
            sum0 += a.AsInt32() * weight;
            sum1 += b.AsInt32() * weight;
            sum2 += c.AsInt32() * weight;
            sum3 += d.AsInt32() * weight;
        }

        Vector128.Narrow(
            Vector128.Narrow(Clip(sum0), Clip(sum1)),
            Vector128.Narrow(Clip(sum2), Clip(sum3))).Store(output);
    }

    private static Vector128<uint> Clip(Vector128<int> sum) =>
        Vector128.Max(Vector128.Min(sum >> ResampleCoefficients.PrecisionBits, Vector128.Create(255)), Vector128<int>.Zero).AsUInt32();

    // 32 bytes as four vectors of eight 32-bit sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FilterAvx2(byte* input, int stride, int* weights, int length, byte* output)
    {
        Vector256<int> sum0 = Vector256.Create(ResampleCoefficients.Rounding);
        Vector256<int> sum1 = sum0;
        Vector256<int> sum2 = sum0;
        Vector256<int> sum3 = sum0;
        for (int i = 0; i < length; i++)
        {
            Vector256<int> weight = Vector256.Create(weights[i]);
            sum0 += Avx2.ConvertToVector256Int32(input) * weight;
            sum1 += Avx2.ConvertToVector256Int32(input + 8) * weight;
            sum2 += Avx2.ConvertToVector256Int32(input + 16) * weight;
            sum3 += Avx2.ConvertToVector256Int32(input + 24) * weight;
            input += stride;
        }

        // The packs saturate to 0..255 and work within halves; the permutation puts the groups of four bytes in order again.
        Vector256<short> words01 = Avx2.PackUnsignedSaturate(
            sum0 >> ResampleCoefficients.PrecisionBits, sum1 >> ResampleCoefficients.PrecisionBits).AsInt16();
        Vector256<short> words23 = Avx2.PackUnsignedSaturate(
            sum2 >> ResampleCoefficients.PrecisionBits, sum3 >> ResampleCoefficients.PrecisionBits).AsInt16();
        Vector256<int> mixed = Avx2.PackUnsignedSaturate(words01, words23).AsInt32();
        Avx2.PermuteVar8x32(mixed, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte().Store(output);
    }
}
