using System.Buffers.Binary;

namespace MLClassify.Imaging.Bmp;

/// <summary>Turns stored rows into RGB; alpha is dropped.</summary>
internal static class BmpRows
{
    /// <summary>Rows of 1, 4 or 8 bits a pixel, the leftmost pixel in the highest bits.</summary>
    public static void WriteIndexed(ReadOnlySpan<byte> row, int bitCount, byte[] colors, Span<byte> rgb)
    {
        int mask = (1 << bitCount) - 1;
        for (int to = 0, bit = 0; to < rgb.Length; to += 3, bit += bitCount)
        {
            ColorTable.Write(colors, (row[bit >> 3] >> (8 - bitCount - (bit & 7))) & mask, rgb[to..]);
        }
    }

    /// <summary>Rows of blue, green, red bytes and, with 4 bytes a pixel, one that is ignored.</summary>
    public static void WriteBytes(ReadOnlySpan<byte> row, int pixelBytes, Span<byte> rgb)
    {
        for (int to = 0, from = 0; to < rgb.Length; to += 3, from += pixelBytes)
        {
            rgb[to + 2] = row[from];
            rgb[to + 1] = row[from + 1];
            rgb[to] = row[from + 2];
        }
    }

    /// <summary>Rows of little-endian pixels of 2, 3 or 4 bytes whose channels are runs of bits.</summary>
    public static void WriteMasked(ReadOnlySpan<byte> row, int pixelBytes, BmpMasks masks, Span<byte> rgb)
    {
        for (int to = 0, from = 0; to < rgb.Length; to += 3, from += pixelBytes)
        {
            uint pixel = BinaryPrimitives.ReadUInt16LittleEndian(row[from..]);
            for (int i = 2; i < pixelBytes; i++)
            {
                pixel |= (uint)row[from + i] << (8 * i);
            }

            rgb[to] = masks.Red.Extract(pixel);
            rgb[to + 1] = masks.Green.Extract(pixel);
            rgb[to + 2] = masks.Blue.Extract(pixel);
        }
    }
}
