using System.Text;

namespace MLClassify.Reports.Tests.TensorBoard;

/// <summary>An event as a reader sees it.</summary>
internal sealed record ReadEvent(double WallTime, long Step, string? FileVersion, string? Tag, float? Value);

/// <summary>
/// A reader of event files that shares nothing with the writer: checksums bit by bit from the polynomial, varints and fields by hand. Any
/// damage, and any field that a scalar does not have, is an exception.
/// </summary>
internal static class EventFile
{
    public static List<ReadEvent> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return Read(copy.ToArray(), out int end) is var events && end == copy.Length ? events : throw new InvalidDataException($"only {end} of {copy.Length} bytes");
    }

    /// <summary>Reads all whole records; <paramref name="end"/> is where they end.</summary>
    public static List<ReadEvent> Read(byte[] bytes, out int end)
    {
        var events = new List<ReadEvent>();
        end = 0;
        while (bytes.Length - end >= 12)
        {
            long length = BitConverter.ToInt64(bytes, end);
            Check(bytes.AsSpan(end, 8), BitConverter.ToUInt32(bytes, end + 8));
            if (length > bytes.Length - end - 16)
            {
                break;
            }

            ReadOnlySpan<byte> content = bytes.AsSpan(end + 12, (int)length);
            Check(content, BitConverter.ToUInt32(bytes, end + 12 + (int)length));
            events.Add(Parse(content));
            end += 16 + (int)length;
        }

        return events;
    }

    // CRC-32C: the polynomial 0x1EDC6F41, here reflected.
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
            }
        }

        return crc ^ 0xFFFFFFFF;
    }

    private static void Check(ReadOnlySpan<byte> data, uint masked)
    {
        uint rotated = unchecked(masked - 0xA282EAD8);
        uint crc = (rotated << 15) | (rotated >> 17);
        if (crc != Crc(data))
        {
            throw new InvalidDataException("checksum");
        }
    }

    private static ReadEvent Parse(ReadOnlySpan<byte> message)
    {
        var read = new ReadEvent(double.NaN, 0, null, null, null);
        while (message.Length > 0)
        {
            switch (Varint(ref message))
            {
                case (1 << 3) | 1:
                    read = read with { WallTime = BitConverter.ToDouble(Take(ref message, 8)) };
                    break;
                case 2 << 3:
                    read = read with { Step = (long)Varint(ref message) };
                    break;
                case (3 << 3) | 2:
                    read = read with { FileVersion = Encoding.UTF8.GetString(Nested(ref message)) };
                    break;
                case (5 << 3) | 2:
                    ReadOnlySpan<byte> summary = Nested(ref message);
                    Expect((1 << 3) | 2, Varint(ref summary));
                    ReadOnlySpan<byte> value = Nested(ref summary);
                    Expect(0, (ulong)summary.Length);
                    Expect((1 << 3) | 2, Varint(ref value));
                    read = read with { Tag = Encoding.UTF8.GetString(Nested(ref value)) };
                    Expect((2 << 3) | 5, Varint(ref value));
                    read = read with { Value = BitConverter.ToSingle(Take(ref value, 4)) };
                    Expect(0, (ulong)value.Length);
                    break;
                case ulong other:
                    throw new InvalidDataException($"field {other >> 3} of type {other & 7}");
            }
        }

        return read;
    }

    private static void Expect(ulong expected, ulong found)
    {
        if (expected != found)
        {
            throw new InvalidDataException($"expected {expected}, found {found}");
        }
    }

    private static ReadOnlySpan<byte> Nested(ref ReadOnlySpan<byte> from) => Take(ref from, (int)Varint(ref from));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int count)
    {
        ReadOnlySpan<byte> taken = from[..count];
        from = from[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> from)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(ref from, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("varint");
    }
}
