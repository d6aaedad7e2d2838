using System.Buffers;

namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// Draws an image through an affine map, bilinear. As in Pillow's <c>transform</c>, a pixel whose center comes from outside the image is
/// filled, and at the edge the outermost pixels count as going on.
/// </summary>
internal static class AffineSampler
{
    // Coordinates have 32 fractional bits: after 4096 steps the error is below a millionth of a pixel. Weights have 11, so that a byte times
    // two of them fits 31 bits and an image's integer positions are met exactly.
    private const int FractionBits = 32;
    private const int WeightBits = 11;
    private const int One = 1 << WeightBits;
    private const long Half = 1L << (FractionBits - 1);

    /// <summary>Replaces the image by what the map shows of it.</summary>
    public static void Apply(Span<byte> pixels, int width, int height, in AffineMap map, RgbColor fill)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(pixels.Length);
        Span<byte> source = rented.AsSpan(0, pixels.Length);
        pixels.CopyTo(source);
        long stepX = ToFixed(map.XX);
        long stepY = ToFixed(map.YX);
        for (int y = 0; y < height; y++)
        {
            long x0 = ToFixed((0.5 * map.XX) + ((y + 0.5) * map.XY) + map.X0);
            long y0 = ToFixed((0.5 * map.YX) + ((y + 0.5) * map.YY) + map.Y0);
            Row(source, width, height, (x0, y0), (stepX, stepY), fill, pixels.Slice(3 * y * width, 3 * width));
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Row(
        ReadOnlySpan<byte> source, int width, int height, (long X, long Y) at, (long X, long Y) step, RgbColor fill, Span<byte> row)
    {
        ulong limitX = (ulong)width << FractionBits;
        ulong limitY = (ulong)height << FractionBits;
        (long x, long y) = at;
        for (int i = 0; i < row.Length; i += 3, x += step.X, y += step.Y)
        {
            // A negative number is a huge one without its sign.
            if ((ulong)x >= limitX || (ulong)y >= limitY)
            {
                fill.Fill(row.Slice(i, 3));
                continue;
            }

            long left = x - Half;
            long top = y - Half;
            int column = (int)(left >> FractionBits);
            int line = (int)(top >> FractionBits);
            int wx = Weight(left);
            int wy = Weight(top);
            int first = 3 * Math.Max(column, 0);
            int second = 3 * Math.Min(column + 1, width - 1);
            ReadOnlySpan<byte> upper = source.Slice(3 * width * Math.Max(line, 0), 3 * width);
            ReadOnlySpan<byte> lower = source.Slice(3 * width * Math.Min(line + 1, height - 1), 3 * width);
            for (int c = 0; c < 3; c++)
            {
                int above = (upper[first + c] * (One - wx)) + (upper[second + c] * wx);
                int below = (lower[first + c] * (One - wx)) + (lower[second + c] * wx);
                row[i + c] = (byte)(((above * (One - wy)) + (below * wy) + (1 << ((2 * WeightBits) - 1))) >> (2 * WeightBits));
            }
        }
    }

    private static int Weight(long position) => (int)(((ulong)(uint)position + (1UL << (FractionBits - WeightBits - 1))) >> (FractionBits - WeightBits));

    private static long ToFixed(double value) => (long)Math.Round(value * (1L << FractionBits));
}
