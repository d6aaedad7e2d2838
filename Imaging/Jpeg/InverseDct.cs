using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// The accurate integer inverse transform: the 11-multiplication algorithm of Loeffler, Ligtenberg and Moschytz
/// ("Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989) in 13-bit fixed point, columns first,
/// with two more bits kept between the passes. All widths and the scalar path give the same bits, also for coefficients
/// that no encoder writes: products with the quantizer and sums of two inputs wrap at 16 bits, results between and after the passes saturate.
/// </summary>
internal static unsafe partial class InverseDct
{
    /// <summary>Coefficients in a block.</summary>
    public const int BlockSize = 64;

    private const int ConstantBits = 13;
    private const int PassBits = 2;
    private const int FirstShift = ConstantBits - PassBits;
    private const int SecondShift = ConstantBits + PassBits + 3;

    // Cosine terms of the flow graph, times 2^13.
    private const int F0298 = 2446;
    private const int F0390 = 3196;
    private const int F0541 = 4433;
    private const int F0765 = 6270;
    private const int F0899 = 7373;
    private const int F1175 = 9633;
    private const int F1501 = 12299;
    private const int F1847 = 15137;
    private const int F1961 = 16069;
    private const int F2053 = 16819;
    private const int F2562 = 20995;
    private const int F3072 = 25172;

    /// <summary>Transforms neighboring blocks and writes eight rows of samples.</summary>
    /// <param name="coefficients">The blocks one after the other, each row by row.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="quantization">64 factors, row by row.</param>
    /// <param name="destination">The first sample; 8 x <paramref name="blocks"/> samples are written in each of 8 rows.</param>
    /// <param name="stride">Bytes from one row of samples to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransformRow(short* coefficients, int blocks, short* quantization, byte* destination, nint stride)
    {
        int block = 0;
        if (Avx2.IsSupported)
        {
            for (; block + 2 <= blocks; block += 2)
            {
                TransformPair(coefficients + (block * BlockSize), quantization, destination + (block * 8), stride);
            }
        }

        for (; block < blocks; block++)
        {
            if (Vector128.IsHardwareAccelerated)
            {
                TransformVector(coefficients + (block * BlockSize), quantization, destination + (block * 8), stride);
            }
            else
            {
                TransformScalar(coefficients + (block * BlockSize), quantization, destination + (block * 8), stride);
            }
        }
    }

    /// <summary>The sample that fills a block without alternating parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte FlatSample(short dc, short quantizer)
    {
        int value = (short)(dc * quantizer);
        return (byte)Math.Clamp(((value + 4) >> 3) + 128, 0, 255);
    }

    private static void Fill(byte* destination, nint stride, byte sample)
    {
        ulong row = sample * 0x0101010101010101UL;
        for (int y = 0; y < 8; y++)
        {
            Unsafe.WriteUnaligned(destination + (y * stride), row);
        }
    }
}
