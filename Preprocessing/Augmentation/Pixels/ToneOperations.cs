namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Posterizing, solarizing, automatic contrast and equalizing, as Pillow's <c>ImageOps</c> defines them.</summary>
internal static class ToneOperations
{
    /// <summary>Keeps the highest bits of every byte.</summary>
    public static void Posterize(Span<byte> pixels, int bits)
    {
        Span<byte> table = stackalloc byte[ByteTables.Size];
        int mask = 0xFF & ~(0xFF >> bits);
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (byte)(i & mask);
        }

        ByteTables.Apply(pixels, table);
    }

    /// <summary>Inverts every byte from the threshold on.</summary>
    public static void Solarize(Span<byte> pixels, double threshold)
    {
        Span<byte> table = stackalloc byte[ByteTables.Size];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (byte)(i < threshold ? i : 255 - i);
        }

        ByteTables.Apply(pixels, table);
    }

    /// <summary>Stretches each channel so that its darkest byte becomes 0 and its brightest 255; a channel of one value stays.</summary>
    public static void AutoContrast(Span<byte> pixels)
    {
        Span<int> counts = stackalloc int[3 * ByteTables.Size];
        Count(pixels, counts);
        Span<byte> tables = stackalloc byte[3 * ByteTables.Size];
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<int> histogram = counts.Slice(c * ByteTables.Size, ByteTables.Size);
            int low = histogram.IndexOfAnyExcept(0);
            int range = histogram.LastIndexOfAnyExcept(0) - low;
            for (int i = 0; i < ByteTables.Size; i++)
            {
                int stretched = range > 0 ? ((2 * 255 * (i - low)) + range) / (2 * range) : i;
                tables[(c * ByteTables.Size) + i] = (byte)Math.Clamp(stretched, 0, 255);
            }
        }

        ByteTables.ApplyPerChannel(pixels, tables);
    }

    /// <summary>Spreads each channel's bytes so that all are about equally frequent.</summary>
    public static void Equalize(Span<byte> pixels)
    {
        Span<int> counts = stackalloc int[3 * ByteTables.Size];
        Count(pixels, counts);
        Span<byte> tables = stackalloc byte[3 * ByteTables.Size];
        for (int c = 0; c < 3; c++)
        {
            EqualizingTable(counts.Slice(c * ByteTables.Size, ByteTables.Size), pixels.Length / 3, tables.Slice(c * ByteTables.Size, ByteTables.Size));
        }

        ByteTables.ApplyPerChannel(pixels, tables);
    }

    // A step is the number of pixels for one level; the brightest value's pixels are left out of it, all of them become the last level.
    private static void EqualizingTable(ReadOnlySpan<int> histogram, int total, Span<byte> table)
    {
        int step = (total - histogram[histogram.LastIndexOfAnyExcept(0)]) / 255;
        int below = step / 2;
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = step == 0 ? (byte)i : (byte)Math.Min(below / step, 255);
            below += histogram[i];
        }
    }

    private static void Count(ReadOnlySpan<byte> pixels, Span<int> counts)
    {
        Span<int> red = counts[..ByteTables.Size];
        Span<int> green = counts.Slice(ByteTables.Size, ByteTables.Size);
        Span<int> blue = counts.Slice(2 * ByteTables.Size, ByteTables.Size);
        counts.Clear();
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            red[pixels[i]]++;
            green[pixels[i + 1]]++;
            blue[pixels[i + 2]]++;
        }
    }
}
