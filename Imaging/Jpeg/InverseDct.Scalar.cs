namespace MLClassify.Imaging.Jpeg;

internal static unsafe partial class InverseDct
{
    /// <summary>Transforms one block, one value at a time: the reference for the vector paths, and the path where there are no vectors.</summary>
    /// <param name="block">64 coefficients, row by row.</param>
    /// <param name="quantization">64 factors, row by row.</param>
    /// <param name="destination">The block's first sample.</param>
    /// <param name="stride">Bytes from one row of samples to the next.</param>
    public static void TransformScalar(short* block, short* quantization, byte* destination, nint stride)
    {
        short* workspace = stackalloc short[BlockSize];
        short* line = stackalloc short[8];
        for (int x = 0; x < 8; x++)
        {
            for (int y = 0; y < 8; y++)
            {
                line[y] = (short)(block[(y * 8) + x] * quantization[(y * 8) + x]);
            }

            TransformLine(line, FirstShift);
            for (int y = 0; y < 8; y++)
            {
                workspace[(y * 8) + x] = line[y];
            }
        }

        for (int y = 0; y < 8; y++)
        {
            short* row = workspace + (y * 8);
            TransformLine(row, SecondShift);
            for (int x = 0; x < 8; x++)
            {
                destination[(y * stride) + x] = (byte)Math.Clamp(row[x] + 128, 0, 255);
            }
        }
    }

    private static void TransformLine(short* line, int shift)
    {
        int even2 = (line[2] * F0541) + (line[6] * (F0541 - F1847));
        int even3 = (line[2] * (F0541 + F0765)) + (line[6] * F0541);
        int even0 = (short)(line[0] + line[4]) << ConstantBits;
        int even1 = (short)(line[0] - line[4]) << ConstantBits;
        int sum0 = even0 + even3;
        int sum1 = even1 + even2;
        int sum2 = even1 - even2;
        int sum3 = even0 - even3;

        short z3 = (short)(line[7] + line[3]);
        short z4 = (short)(line[5] + line[1]);
        int odd3 = (z3 * (F1175 - F1961)) + (z4 * F1175);
        int odd4 = (z3 * F1175) + (z4 * (F1175 - F0390));
        int part0 = (line[7] * (F0298 - F0899)) - (line[1] * F0899) + odd3;
        int part3 = (line[7] * -F0899) + (line[1] * (F1501 - F0899)) + odd4;
        int part1 = (line[5] * (F2053 - F2562)) - (line[3] * F2562) + odd4;
        int part2 = (line[5] * -F2562) + (line[3] * (F3072 - F2562)) + odd3;

        line[0] = Descale(sum0 + part3, shift);
        line[7] = Descale(sum0 - part3, shift);
        line[1] = Descale(sum1 + part2, shift);
        line[6] = Descale(sum1 - part2, shift);
        line[2] = Descale(sum2 + part1, shift);
        line[5] = Descale(sum2 - part1, shift);
        line[3] = Descale(sum3 + part0, shift);
        line[4] = Descale(sum3 - part0, shift);
    }

    private static short Descale(int value, int shift) => (short)Math.Clamp((value + (1 << (shift - 1))) >> shift, short.MinValue, short.MaxValue);
}
