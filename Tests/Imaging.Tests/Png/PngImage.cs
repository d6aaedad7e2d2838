using MLClassify.Imaging.Png;

namespace MLClassify.Imaging.Tests.Png;

/// <summary>
/// An image as samples, with a slow, obvious encoder for every color type, depth and interlacing, and the RGB bytes that must come
/// back.
/// </summary>
internal sealed record PngImage(
    int Width, int Height, PngColorType ColorType, int BitDepth, bool Interlaced, ushort[] Samples, byte[] Palette)
{
    // PNG, third edition, section 8.2, figure: the pass of each pixel in a block of 8 x 8.
    private static readonly int[,] PassOf =
    {
        { 1, 6, 4, 6, 2, 6, 4, 6 },
        { 7, 7, 7, 7, 7, 7, 7, 7 },
        { 5, 6, 5, 6, 5, 6, 5, 6 },
        { 7, 7, 7, 7, 7, 7, 7, 7 },
        { 3, 6, 4, 6, 3, 6, 4, 6 },
        { 7, 7, 7, 7, 7, 7, 7, 7 },
        { 5, 6, 5, 6, 5, 6, 5, 6 },
        { 7, 7, 7, 7, 7, 7, 7, 7 },
    };

    private static readonly (PngColorType Type, int Depth)[] Kinds =
    [
        (PngColorType.Grayscale, 1), (PngColorType.Grayscale, 2), (PngColorType.Grayscale, 4),
        (PngColorType.Grayscale, 8), (PngColorType.Grayscale, 16),
        (PngColorType.Truecolor, 8), (PngColorType.Truecolor, 16),
        (PngColorType.Indexed, 1), (PngColorType.Indexed, 2), (PngColorType.Indexed, 4), (PngColorType.Indexed, 8),
        (PngColorType.GrayscaleAlpha, 8), (PngColorType.GrayscaleAlpha, 16),
        (PngColorType.TruecolorAlpha, 8), (PngColorType.TruecolorAlpha, 16),
    ];

    public static int KindCount => Kinds.Length;

    public int Channels => ColorType switch
    {
        PngColorType.Grayscale or PngColorType.Indexed => 1,
        PngColorType.GrayscaleAlpha => 2,
        PngColorType.Truecolor => 3,
        _ => 4,
    };

    public static PngImage Create(Random random) =>
        Create(random, random.Next(KindCount), random.Next(2) == 0, 1 + random.Next(40), 1 + random.Next(24));

    public static PngImage Create(Random random, int kind, bool interlaced, int width, int height)
    {
        (PngColorType type, int depth) = Kinds[kind];
        byte[] palette = [];
        if (type == PngColorType.Indexed)
        {
            palette = new byte[3 * (1 << depth)];
            random.NextBytes(palette);
        }

        var image = new PngImage(width, height, type, depth, interlaced, [], palette);
        var samples = new ushort[width * height * image.Channels];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (ushort)random.Next(1 << depth);
        }

        return image with { Samples = samples };
    }

    /// <summary>The file, its data in IDAT chunks of random lengths.</summary>
    public byte[] Encode(Random random)
    {
        byte[] header = TestPng.Header(Width, Height, BitDepth, (byte)ColorType, Interlaced);
        var chunks = new List<byte[]> { TestPng.Chunk("IHDR", header), TestPng.Chunk("tEXt", [65, 0, 66]) };
        if (Palette.Length > 0)
        {
            chunks.Add(TestPng.Chunk("PLTE", Palette));
        }

        byte[] data = TestPng.Deflate(FilteredRows(random));
        for (int start = 0; start < data.Length;)
        {
            int length = Math.Min(random.Next(200), data.Length - start);
            chunks.Add(TestPng.Chunk("IDAT", data[start..(start + length)]));
            start += length;
        }

        chunks.Add(TestPng.Chunk("IEND"));
        return TestPng.File([.. chunks]);
    }

    /// <summary>All rows of all passes with a random filter each: what the IDAT chunks hold before compression.</summary>
    public byte[] FilteredRows(Random random)
    {
        var bytes = new List<byte>();
        int distance = Math.Max(1, Channels * BitDepth / 8);
        foreach (IGrouping<int, int[][]> pass in Rows())
        {
            byte[] above = [];
            foreach (int[][] row in pass)
            {
                byte[] packed = Pack(row);
                if (above.Length == 0)
                {
                    above = new byte[packed.Length];
                }

                int filter = random.Next(5);
                bytes.Add((byte)filter);
                for (int i = 0; i < packed.Length; i++)
                {
                    bytes.Add(SlowFilter.Encode(filter, packed, above, i, distance));
                }

                above = packed;
            }
        }

        return [.. bytes];
    }

    /// <summary>What decoding must give, a pixel at a time from the samples.</summary>
    public byte[] ExpectedRgb()
    {
        var rgb = new byte[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                rgb[(i * 3) + c] = Level(i, c);
            }
        }

        return rgb;
    }

    private byte Level(int pixel, int color)
    {
        if (ColorType == PngColorType.Indexed)
        {
            return Palette[(Samples[pixel] * 3) + color];
        }

        int sample = Samples[(pixel * Channels) + (Channels >= 3 ? color : 0)];
        return (byte)(BitDepth == 16 ? sample >> 8 : sample * 255 / ((1 << BitDepth) - 1));
    }

    // The rows of each pass in file order; a row is an array of pixels, a pixel an array of samples.
    private IEnumerable<IGrouping<int, int[][]>> Rows() =>
        from pass in Enumerable.Range(1, 7)
        from y in Enumerable.Range(0, Height)
        let row = Enumerable.Range(0, Width).Where(x => (Interlaced ? PassOf[y % 8, x % 8] : 1) == pass).Select(x => Pixel(x, y)).ToArray()
        where row.Length > 0
        group row by pass;

    private int[] Pixel(int x, int y) =>
        Enumerable.Range(0, Channels).Select(c => (int)Samples[(((y * Width) + x) * Channels) + c]).ToArray();

    private byte[] Pack(int[][] row)
    {
        string bits = string.Concat(row.SelectMany(pixel => pixel).Select(sample => Convert.ToString(sample, 2).PadLeft(BitDepth, '0')));
        return bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(b => Convert.ToByte(new string(b), 2)).ToArray();
    }
}
