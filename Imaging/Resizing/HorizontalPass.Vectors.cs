using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Resizing;

internal static unsafe partial class HorizontalPass
{
    // Four rows at once. A group of four taps is 12 bytes of a row; the first shuffle spreads taps 0 and 1 to [R G B *] 32-bit lanes
    // (the fourth lane carries a byte that nobody reads), the second taps 2 and 3. Weights beyond the length are zero and the rows have
    // slack, so the last group needs no remainder. The packs saturate to 0..255.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FilterAvx2(
        byte* row0, byte* row1, byte* row2, byte* row3, in ResampleCoefficients taps, int* weights,
        byte* output0, byte* output1, byte* output2, byte* output3)
    {
        Vector256<byte> spread01 = Vector256.Create(
            0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 3, 255, 255, 255,
            3, 255, 255, 255, 4, 255, 255, 255, 5, 255, 255, 255, 6, 255, 255, 255).AsByte();
        Vector256<byte> spread23 = Vector256.Create(
            6, 255, 255, 255, 7, 255, 255, 255, 8, 255, 255, 255, 9, 255, 255, 255,
            9, 255, 255, 255, 10, 255, 255, 255, 11, 255, 255, 255, 12, 255, 255, 255).AsByte();
        Vector256<int> select01 = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1);
        Vector256<int> select23 = Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3);
        Vector256<int> rounding = Vector256.Create(Vector128.Create(ResampleCoefficients.Rounding), Vector128<int>.Zero);
        ReadOnlySpan<int> starts = taps.Starts.AsSpan(0, taps.Count);
        ReadOnlySpan<int> lengths = taps.Lengths.AsSpan(0, taps.Count);
        for (int x = 0; x < starts.Length; x++)
        {
            Vector256<int> sum0 = rounding;
            Vector256<int> sum1 = rounding;
            Vector256<int> sum2 = rounding;
            Vector256<int> sum3 = rounding;
            nint offset = (nint)starts[x] * 3;
            int length = lengths[x];
            for (int i = 0; i < length; i += 4, offset += 12)
            {
                Vector256<int> four = Avx2.BroadcastVector128ToVector256(weights + i);
                Vector256<int> weights01 = Avx2.PermuteVar8x32(four, select01);
                Vector256<int> weights23 = Avx2.PermuteVar8x32(four, select23);
                sum0 += Taps(row0 + offset, spread01, spread23, weights01, weights23);
                sum1 += Taps(row1 + offset, spread01, spread23, weights01, weights23);
                sum2 += Taps(row2 + offset, spread01, spread23, weights01, weights23);
                sum3 += Taps(row3 + offset, spread01, spread23, weights01, weights23);
            }

            Vector128<short> pixels01 = Sse41.PackUnsignedSaturate(Halves(sum0), Halves(sum1)).AsInt16();
            Vector128<short> pixels23 = Sse41.PackUnsignedSaturate(Halves(sum2), Halves(sum3)).AsInt16();
            Vector128<uint> pixels = Sse2.PackUnsignedSaturate(pixels01, pixels23).AsUInt32();
            Unsafe.WriteUnaligned(output0 + (3 * x), pixels.GetElement(0));
            Unsafe.WriteUnaligned(output1 + (3 * x), pixels.GetElement(1));
            Unsafe.WriteUnaligned(output2 + (3 * x), pixels.GetElement(2));
            Unsafe.WriteUnaligned(output3 + (3 * x), pixels.GetElement(3));
            weights += taps.Stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Halves(Vector256<int> sum) => (sum.GetLower() + sum.GetUpper()) >> ResampleCoefficients.PrecisionBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Taps(
        byte* input, Vector256<byte> spread01, Vector256<byte> spread23, Vector256<int> weights01, Vector256<int> weights23)
    {
        Vector256<byte> bytes = Avx2.BroadcastVector128ToVector256(input);
        return (Avx2.Shuffle(bytes, spread01).AsInt32() * weights01) + (Avx2.Shuffle(bytes, spread23).AsInt32() * weights23);
    }

    // One output pixel of two rows, a tap at a time: 4 bytes of a row become [R G B *]; one byte of slack is read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PixelVector128(byte* row0, byte* row1, int* weights, int length, byte* output0, byte* output1)
    {
        Vector128<int> sum0 = Vector128<int>.Zero;
        Vector128<int> sum1 = Vector128<int>.Zero;
        for (int i = 0; i < length; i++)
        {
            Vector128<int> weight = Vector128.Create(weights[i]);
            sum0 += Spread(row0 + (3 * i)) * weight;
            sum1 += Spread(row1 + (3 * i)) * weight;
        }

        Store(sum0, output0);
        Store(sum1, output1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Spread(byte* pixel)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(pixel)).AsByte();
        return Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32();
    }

    // Four bytes are stored for a pixel's three: the fourth falls on the next pixel, stored later, or on the row's padding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<int> sum, byte* output)
    {
        Vector128<int> value = (sum + Vector128.Create(ResampleCoefficients.Rounding)) >> ResampleCoefficients.PrecisionBits;
        value = Vector128.Max(Vector128.Min(value, Vector128.Create(255)), Vector128<int>.Zero);
        Vector128<ushort> words = Vector128.Narrow(value.AsUInt32(), value.AsUInt32());
        Unsafe.WriteUnaligned(output, Vector128.Narrow(words, words).AsUInt32().ToScalar());
    }
}
