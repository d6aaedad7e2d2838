using System.Buffers.Binary;
using System.Numerics;

namespace MLClassify.Reports;

/// <summary>
/// The framing of TensorFlow's record files (tensorflow/core/lib/io/record_writer.h): the length in 8 bytes, its checksum in 4, the content,
/// its checksum in 4, all little-endian. A checksum is CRC-32C (RFC 3720, appendix B.4) turned by 15 bits plus a constant, so that checksums
/// of data that hold checksums stay good.
/// </summary>
internal static class EventRecord
{
    /// <summary>Longer records are taken for damage: a scalar has some tens of bytes.</summary>
    public const int LongestContent = 16 << 20;

    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Frames a content.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[HeaderBytes + content.Length + FooterBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Checksum(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderBytes + content.Length), Checksum(content));
        return record;
    }

    /// <summary>Reads the next record's content.</summary>
    /// <param name="stream">Stands at the record's beginning; afterwards behind it, or anywhere where there is none.</param>
    /// <returns>The content, or null where the file ends, in the middle of a record or before one, or is damaged.</returns>
    public static byte[]? Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Checksum(header[..8]))
        {
            return null;
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header);
        if (length > LongestContent || (long)length > stream.Length - stream.Position - FooterBytes)
        {
            return null;
        }

        byte[] content = new byte[length];
        Span<byte> footer = stackalloc byte[FooterBytes];
        stream.ReadExactly(content);
        stream.ReadExactly(footer);
        return BinaryPrimitives.ReadUInt32LittleEndian(footer) == Checksum(content) ? content : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
