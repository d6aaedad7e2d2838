namespace MLClassify.Imaging.Encoding;

/// <summary>The five row filters of PNG (third edition, section 9) and the choice among them, for 8-bit RGB.</summary>
internal static class PngFilter
{
    private const int PixelBytes = 3;
    private const int FilterCount = 5;

    /// <summary>Bytes of scratch space that <see cref="Apply"/> needs.</summary>
    public static int ScratchLength(int rowLength) => rowLength * FilterCount;

    /// <summary>Filters a row by the filter whose output, read as signed bytes, has the smallest sum of magnitudes (section 12.7).</summary>
    /// <param name="row">The row's pixels.</param>
    /// <param name="above">The row above; zeros for the first row.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> bytes.</param>
    /// <param name="filtered">Receives the filtered row.</param>
    /// <returns>The filter's number, 0 to 4.</returns>
    public static byte Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> scratch, Span<byte> filtered)
    {
        int length = row.Length;
        Span<byte> none = scratch[..length], sub = scratch.Slice(length, length), up = scratch.Slice(2 * length, length);
        Span<byte> average = scratch.Slice(3 * length, length), paeth = scratch.Slice(4 * length, length);
        for (int i = 0; i < length; i++)
        {
            int value = row[i], b = above[i];
            int a = i < PixelBytes ? 0 : row[i - PixelBytes];
            int c = i < PixelBytes ? 0 : above[i - PixelBytes];
            none[i] = (byte)value;
            sub[i] = (byte)(value - a);
            up[i] = (byte)(value - b);
            average[i] = (byte)(value - ((a + b) >> 1));
            paeth[i] = (byte)(value - PaethPredictor(a, b, c));
        }

        byte best = 0;
        long bestCost = long.MaxValue;
        for (byte filter = 0; filter < FilterCount; filter++)
        {
            long cost = Cost(scratch.Slice(filter * length, length));
            if (cost < bestCost)
            {
                (best, bestCost) = (filter, cost);
            }
        }

        scratch.Slice(best * length, length).CopyTo(filtered);
        return best;
    }

    private static int PaethPredictor(int a, int b, int c)
    {
        int distanceA = Math.Abs(b - c);
        int distanceB = Math.Abs(a - c);
        int distanceC = Math.Abs(a + b - c - c);
        if (distanceA <= distanceB && distanceA <= distanceC)
        {
            return a;
        }

        return distanceB <= distanceC ? b : c;
    }

    private static long Cost(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        foreach (byte value in filtered)
        {
            sum += Math.Abs((int)(sbyte)value);
        }

        return sum;
    }
}
