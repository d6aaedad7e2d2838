namespace MLClassify.Imaging.Tests.Png;

/// <summary>Row filters as the standard writes them (PNG, third edition, section 9.2), a byte at a time.</summary>
internal static class SlowFilter
{
    public static byte Encode(int filter, byte[] row, byte[] above, int i, int distance) =>
        (byte)(row[i] - Predict(filter, row, above, i, distance));

    public static byte[] Decode(int filter, byte[] filtered, byte[] above, int distance)
    {
        var row = new byte[filtered.Length];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (byte)(filtered[i] + Predict(filter, row, above, i, distance));
        }

        return row;
    }

    private static int Predict(int filter, byte[] row, byte[] above, int i, int distance)
    {
        int a = i >= distance ? row[i - distance] : 0;
        int b = above[i];
        int c = i >= distance ? above[i - distance] : 0;
        return filter switch
        {
            0 => 0,
            1 => a,
            2 => b,
            3 => (a + b) / 2,
            _ => Paeth(a, b, c),
        };
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        int pa = Math.Abs(p - a);
        int pb = Math.Abs(p - b);
        int pc = Math.Abs(p - c);
        if (pa <= pb && pa <= pc)
        {
            return a;
        }

        return pb <= pc ? b : c;
    }
}
