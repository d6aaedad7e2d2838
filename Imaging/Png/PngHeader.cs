using System.Buffers.Binary;

namespace MLClassify.Imaging.Png;

/// <summary>The IHDR chunk (PNG, third edition, section 11.2.1) and the sizes that follow from it.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    private const int Length = 13;

    public int Channels => ColorType switch
    {
        PngColorType.Truecolor => 3,
        PngColorType.GrayscaleAlpha => 2,
        PngColorType.TruecolorAlpha => 4,
        _ => 1,
    };

    /// <summary>The distance in bytes to the pixel on the left, as filters count it: at least 1.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);

    /// <summary>Bytes of a row of so many pixels, without the filter byte.</summary>
    public long RowBytes(int pixels) => (((long)pixels * Channels * BitDepth) + 7) / 8;

    public static PngHeader Parse(PngChunk chunk, DecodeOptions options)
    {
        if (chunk.Type != PngChunk.IHDR)
        {
            throw PngErrors.Invalid($"found chunk {chunk.Name}, expected IHDR first", chunk.Offset);
        }

        if (chunk.Data.Length != Length)
        {
            throw PngErrors.Invalid($"chunk IHDR has {chunk.Data.Length} bytes, expected {Length}", chunk.Offset);
        }

        chunk.CheckCrc();

        long offset = chunk.DataOffset;
        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk.Data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(chunk.Data[4..]);
        SizeLimit.Check(PngErrors.Format, width, height, options, offset);

        byte depth = chunk.Data[8];
        byte color = chunk.Data[9];
        if (!IsAllowed(color, depth))
        {
            throw PngErrors.Invalid($"color type {color} with bit depth {depth} does not exist", offset + 8);
        }

        if (chunk.Data[10] != 0)
        {
            throw PngErrors.Invalid($"compression method {chunk.Data[10]}, expected 0", offset + 10);
        }

        if (chunk.Data[11] != 0)
        {
            throw PngErrors.Invalid($"filter method {chunk.Data[11]}, expected 0", offset + 11);
        }

        if (chunk.Data[12] > 1)
        {
            throw PngErrors.Invalid($"interlace method {chunk.Data[12]}, expected 0 or 1", offset + 12);
        }

        return new PngHeader((int)width, (int)height, depth, (PngColorType)color, chunk.Data[12] == 1);
    }

    private static bool IsAllowed(byte colorType, byte depth) => (PngColorType)colorType switch
    {
        PngColorType.Grayscale => depth is 1 or 2 or 4 or 8 or 16,
        PngColorType.Indexed => depth is 1 or 2 or 4 or 8,
        PngColorType.Truecolor or PngColorType.GrayscaleAlpha or PngColorType.TruecolorAlpha => depth is 8 or 16,
        _ => false,
    };
}
