namespace MLClassify.Imaging.Gif;

/// <summary>The first frame of a GIF, still compressed, and the screen that it lies on (GIF89a sections 18 to 23).</summary>
/// <param name="ScreenWidth">Width of the image; a frame that reaches past the screen widens it, as in Pillow.</param>
/// <param name="ScreenHeight">Height of the image.</param>
/// <param name="Left">The frame's column on the screen.</param>
/// <param name="Top">The frame's row on the screen.</param>
/// <param name="Width">The frame's width.</param>
/// <param name="Height">The frame's height.</param>
/// <param name="Interlaced">Whether the rows come in four passes.</param>
/// <param name="Colors">The frame's <see cref="ColorTable"/>.</param>
/// <param name="Transparent">The transparent index, or -1.</param>
/// <param name="MinimumCodeSize">Bits of a color index in the LZW data, 2 to 8.</param>
/// <param name="Compressed">The LZW data.</param>
/// <param name="Offset">Where the LZW data begins.</param>
internal sealed record GifFrame(
    int ScreenWidth,
    int ScreenHeight,
    int Left,
    int Top,
    int Width,
    int Height,
    bool Interlaced,
    byte[] Colors,
    int Transparent,
    int MinimumCodeSize,
    byte[] Compressed,
    int Offset)
{
    private const byte ExtensionIntroducer = 0x21;
    private const byte ImageSeparator = 0x2C;
    private const byte Trailer = 0x3B;
    private const byte GraphicControlLabel = 0xF9;

    /// <summary>Reads up to the end of the first frame.</summary>
    public static GifFrame Parse(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        var reader = new GifReader(file);
        _ = reader.Bytes(6, "the signature");
        int screenWidth = reader.UInt16("the screen's width");
        int screenHeight = reader.UInt16("the screen's height");
        byte flags = reader.Byte("the screen's flags");
        _ = reader.Bytes(2, "the screen's background and aspect ratio");
        ReadOnlySpan<byte> globalPalette = ReadPalette(ref reader, flags, "the global color table");

        int transparent = FindFrame(ref reader);
        int start = reader.Position;
        int left = reader.UInt16("the frame's left edge");
        int top = reader.UInt16("the frame's top edge");
        int width = reader.UInt16("the frame's width");
        int height = reader.UInt16("the frame's height");
        if (width == 0 || height == 0)
        {
            throw GifErrors.Invalid($"the first frame is {width} x {height} pixels; both sides must be at least 1", start);
        }

        screenWidth = Math.Max(screenWidth, left + width);
        screenHeight = Math.Max(screenHeight, top + height);
        SizeLimit.Check(GifErrors.Format, screenWidth, screenHeight, options, start);

        flags = reader.Byte("the frame's flags");
        ReadOnlySpan<byte> localPalette = ReadPalette(ref reader, flags, "the local color table");
        byte[] colors = ColorTable.FromRgb(localPalette.IsEmpty ? globalPalette : localPalette);
        int codeSize = reader.Byte("the LZW code size");

        // Two colors take 2 bits (GIF89a appendix F); what a size of 1 would mean, decoders do not agree upon.
        if (codeSize is < 2 or > 8)
        {
            throw GifErrors.Invalid($"the LZW code size is {codeSize}, expected 2 to 8", reader.Position - 1);
        }

        int offset = reader.Position;
        bool interlaced = (flags & 0x40) != 0;
        byte[] compressed = reader.JoinSubBlocks();
        return new GifFrame(
            screenWidth, screenHeight, left, top, width, height, interlaced, colors, transparent, codeSize, compressed, offset);
    }

    private static ReadOnlySpan<byte> ReadPalette(ref GifReader reader, byte flags, string what) =>
        (flags & 0x80) != 0 ? reader.Bytes(3 << ((flags & 7) + 1), what) : [];

    // Steps over extensions, and over stray bytes between blocks as other decoders do. Gives the frame's transparent index, or -1.
    private static int FindFrame(ref GifReader reader)
    {
        int transparent = -1;
        while (true)
        {
            switch (reader.Byte("the blocks before the first frame"))
            {
                case ImageSeparator:
                    return transparent;
                case Trailer:
                    throw GifErrors.Invalid($"the file has no frame: the trailer comes first", reader.Position - 1);
                case ExtensionIntroducer:
                    transparent = ReadExtension(ref reader, transparent);
                    break;
            }
        }
    }

    private static int ReadExtension(ref GifReader reader, int transparent)
    {
        byte label = reader.Byte("an extension's label");
        byte length = reader.Byte("an extension's length");
        if (length == 0)
        {
            return transparent;
        }

        ReadOnlySpan<byte> block = reader.Bytes(length, "an extension");
        if (label == GraphicControlLabel)
        {
            if (length < 4)
            {
                throw GifErrors.Invalid($"the graphic control extension has {length} bytes, expected 4", reader.Position - length);
            }

            transparent = (block[0] & 1) != 0 ? block[3] : transparent;
        }

        reader.SkipSubBlocks("an extension");
        return transparent;
    }
}
