namespace MLClassify.Imaging;

/// <summary>
/// 256 RGB entries, so that no index of up to 8 bits can miss: what a file's palette lacks is the gray of the index, as in Pillow
/// 9.4 (10.1 and later have black there).
/// </summary>
internal static class ColorTable
{
    public const int Entries = 256;

    /// <summary>From a palette of R, G, B bytes; entries past 256 are ignored.</summary>
    public static byte[] FromRgb(ReadOnlySpan<byte> palette)
    {
        byte[] table = Gray(8);
        palette[..Math.Min(palette.Length, table.Length)].CopyTo(table);
        return table;
    }

    /// <summary>Grays that stretch samples of so many bits (1, 2, 4 or 8) to 0..255.</summary>
    public static byte[] Gray(int bits)
    {
        var table = new byte[Entries * 3];
        int largest = (1 << bits) - 1;
        for (int i = 0; i < Entries; i++)
        {
            table.AsSpan(i * 3, 3).Fill((byte)(i * 255 / largest));
        }

        return table;
    }

    public static void WriteRow(byte[] table, ReadOnlySpan<byte> indices, Span<byte> rgb)
    {
        for (int x = 0, to = 0; x < indices.Length; x++, to += 3)
        {
            Write(table, indices[x], rgb[to..]);
        }
    }

    public static void Write(byte[] table, int index, Span<byte> rgb)
    {
        ReadOnlySpan<byte> color = table.AsSpan(index * 3, 3);
        rgb[2] = color[2];
        rgb[1] = color[1];
        rgb[0] = color[0];
    }
}
