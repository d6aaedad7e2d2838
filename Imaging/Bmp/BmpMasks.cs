using System.Buffers.Binary;

namespace MLClassify.Imaging.Bmp;

/// <summary>Which bits of a pixel of 16, 24 or 32 bits hold red, green and blue.</summary>
internal readonly record struct BmpMasks(BmpChannel Red, BmpChannel Green, BmpChannel Blue)
{
    /// <summary>Blue, green, red in bytes 0, 1, 2.</summary>
    public static BmpMasks Bytes { get; } = new(new BmpChannel(0xFF0000), new BmpChannel(0xFF00), new BmpChannel(0xFF));

    /// <summary>Five bits each, blue lowest.</summary>
    public static BmpMasks FiveBits { get; } = new(new BmpChannel(0x7C00), new BmpChannel(0x3E0), new BmpChannel(0x1F));

    /// <summary>
    /// Reads the masks: from the header of 52 bytes and more, otherwise behind it, and then <paramref name="afterInfo"/> moves past
    /// them.
    /// </summary>
    public static BmpMasks Read(ReadOnlySpan<byte> file, BmpInfo info, BmpCompression compression, ref int afterInfo)
    {
        BmpMasks usual = info.BitCount == 16 ? FiveBits : Bytes;
        if (compression is not (BmpCompression.BitFields or BmpCompression.AlphaBitFields))
        {
            return usual;
        }

        int offset = 14 + 40;
        if (info.Length < 52)
        {
            int count = compression == BmpCompression.BitFields ? 3 : 4;
            if (file.Length - afterInfo < count * 4)
            {
                throw BmpErrors.Truncated($"the file ends in its color masks", file.Length);
            }

            afterInfo += count * 4;
        }

        uint red = BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]);
        uint green = BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 4)..]);
        uint blue = BinaryPrimitives.ReadUInt32LittleEndian(file[(offset + 8)..]);
        if ((red | green | blue) == 0)
        {
            return usual;
        }

        foreach (uint mask in (ReadOnlySpan<uint>)[red, green, blue])
        {
            if (!BmpChannel.IsContiguous(mask) || (ulong)mask >> info.BitCount != 0)
            {
                throw BmpErrors.Invalid($"the color mask {mask:X8} is not one run of bits within {info.BitCount}", offset);
            }
        }

        return new BmpMasks(new BmpChannel(red), new BmpChannel(green), new BmpChannel(blue));
    }
}
