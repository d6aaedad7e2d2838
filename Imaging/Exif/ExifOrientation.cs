using System.Buffers.Binary;

namespace MLClassify.Imaging.Exif;

/// <summary>Reads the orientation from an EXIF block (CIPA DC-008, section 4.6.4: tag 0x0112 of the first directory).</summary>
internal static class ExifOrientation
{
    /// <summary>Upright: rows from the top, columns from the left.</summary>
    public const int Upright = 1;

    private const int OrientationTag = 0x0112;
    private const int EntrySize = 12;
    private const int TypeShort = 3;
    private const int TypeLong = 4;

    /// <summary>Reads the orientation. Anything that is not well-formed counts as upright: an image is not refused for its notes.</summary>
    /// <param name="tiff">The block from its byte-order mark on (without the <c>Exif\0\0</c> that JPEG puts before).</param>
    /// <returns>1 to 8.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM\0*"u8)))
        {
            return Upright;
        }

        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
        {
            return Upright;
        }

        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = UInt16(entries, little);
        entries = entries[2..];
        for (int i = 0; i < count && entries.Length >= EntrySize; i++, entries = entries[EntrySize..])
        {
            if (UInt16(entries, little) == OrientationTag)
            {
                return Value(entries, little);
            }
        }

        return Upright;
    }

    private static int Value(ReadOnlySpan<byte> entry, bool little)
    {
        uint value = UInt16(entry[2..], little) switch
        {
            TypeShort => (uint)UInt16(entry[8..], little),
            TypeLong => UInt32(entry[8..], little),
            _ => 0,
        };
        return UInt32(entry[4..], little) == 1 && value is >= 1 and <= 8 ? (int)value : Upright;
    }

    private static int UInt16(ReadOnlySpan<byte> source, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(source) : BinaryPrimitives.ReadUInt16BigEndian(source);

    private static uint UInt32(ReadOnlySpan<byte> source, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(source) : BinaryPrimitives.ReadUInt32BigEndian(source);
}
