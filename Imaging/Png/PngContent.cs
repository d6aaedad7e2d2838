namespace MLClassify.Imaging.Png;

/// <summary>
/// What a file holds that pixels depend on. Ancillary chunks are stepped over unread: alpha, gamma and profiles do not change the RGB
/// bytes.
/// </summary>
internal readonly ref struct PngContent
{
    private PngContent(PngHeader header, ReadOnlySpan<byte> palette, byte[] compressed, long offset)
    {
        Header = header;
        Palette = palette;
        Compressed = compressed;
        Offset = offset;
    }

    public PngHeader Header { get; }

    /// <summary>R, G, B of each entry; empty unless the image is indexed.</summary>
    public ReadOnlySpan<byte> Palette { get; }

    /// <summary>The zlib stream: the data of consecutive IDAT chunks.</summary>
    public byte[] Compressed { get; }

    /// <summary>Where the first IDAT chunk stands.</summary>
    public long Offset { get; }

    public static PngContent Parse(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        var reader = new PngChunkReader(file);
        PngChunk chunk = reader.Read();
        if (chunk.Type == PngChunk.CgBI)
        {
            throw PngErrors.Unsupported($"Apple's CgBI variant is not supported", chunk.Offset);
        }

        PngHeader header = PngHeader.Parse(chunk, options);
        ReadOnlySpan<byte> palette = [];
        while (!reader.IsAtIdat())
        {
            chunk = reader.Read();
            switch (chunk.Type)
            {
                case PngChunk.PLTE when header.ColorType == PngColorType.Indexed:
                    palette = ReadPalette(chunk, palette);
                    break;
                case PngChunk.PLTE: // A suggestion for screens with few colors.
                    break;
                case PngChunk.IEND:
                    throw PngErrors.Invalid($"the image ends (IEND) before any image data (IDAT)", chunk.Offset);
                case PngChunk.IHDR:
                    throw PngErrors.Invalid($"found a second IHDR chunk", chunk.Offset);
                default:
                    if (chunk.IsCritical)
                    {
                        throw PngErrors.Unsupported($"the critical chunk {chunk.Name} is not known", chunk.Offset);
                    }

                    break;
            }
        }

        if (header.ColorType == PngColorType.Indexed && palette.IsEmpty)
        {
            throw PngErrors.Invalid($"an indexed image needs a palette (PLTE) before its data (IDAT)", reader.Position);
        }

        int offset = reader.Position;
        return new PngContent(header, palette, JoinIdat(reader), offset);
    }

    private static ReadOnlySpan<byte> ReadPalette(PngChunk chunk, ReadOnlySpan<byte> earlier)
    {
        if (!earlier.IsEmpty)
        {
            throw PngErrors.Invalid($"found a second palette (PLTE)", chunk.Offset);
        }

        int length = chunk.Data.Length;
        if (length is 0 or > 768 || length % 3 != 0)
        {
            throw PngErrors.Invalid($"the palette has {length} bytes, expected 3 for each of 1 to 256 colors", chunk.Offset);
        }

        chunk.CheckCrc();
        return chunk.Data;
    }

    // IDAT chunks must be consecutive (section 5.6); whatever follows the last one is of no concern here.
    private static byte[] JoinIdat(PngChunkReader reader)
    {
        long total = 0;
        for (PngChunkReader counter = reader; counter.IsAtIdat();)
        {
            total += counter.ReadIdat().Length;
        }

        var joined = new byte[total];
        for (int written = 0; reader.IsAtIdat();)
        {
            ReadOnlySpan<byte> data = reader.ReadIdat();
            data.CopyTo(joined.AsSpan(written));
            written += data.Length;
        }

        return joined;
    }
}
