namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Changes that give each byte a new value whatever lies around it: 256 results are computed, then looked up.</summary>
internal static class ByteTables
{
    /// <summary>Entries of a table.</summary>
    public const int Size = 256;

    /// <summary>Replaces every byte.</summary>
    /// <param name="pixels">The bytes.</param>
    /// <param name="table"><see cref="Size"/> entries.</param>
    public static void Apply(Span<byte> pixels, ReadOnlySpan<byte> table)
    {
        table = table[..Size];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = table[pixels[i]];
        }
    }

    /// <summary>Replaces every byte by its channel's table.</summary>
    /// <param name="pixels">Interleaved R, G, B.</param>
    /// <param name="tables">Three tables of <see cref="Size"/> entries, red's first.</param>
    public static void ApplyPerChannel(Span<byte> pixels, ReadOnlySpan<byte> tables)
    {
        ReadOnlySpan<byte> red = tables[..Size];
        ReadOnlySpan<byte> green = tables.Slice(Size, Size);
        ReadOnlySpan<byte> blue = tables.Slice(2 * Size, Size);
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            pixels[i] = red[pixels[i]];
            pixels[i + 1] = green[pixels[i + 1]];
            pixels[i + 2] = blue[pixels[i + 2]];
        }
    }
}
