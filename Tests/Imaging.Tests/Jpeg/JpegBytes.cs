using System.Buffers.Binary;

namespace MLClassify.Imaging.Tests.Jpeg;

/// <summary>Puts JPEG files together from segments.</summary>
internal static class JpegBytes
{
    public static byte[] Start => [0xFF, 0xD8];

    public static byte[] End => [0xFF, 0xD9];

    /// <summary>Table 0 with all factors 1.</summary>
    public static byte[] FlatQuantization => Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);

    public static byte[] Segment(byte marker, params byte[] content)
    {
        byte[] segment = new byte[content.Length + 4];
        segment[0] = 0xFF;
        segment[1] = marker;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(content.Length + 2));
        content.CopyTo(segment, 4);
        return segment;
    }

    /// <summary>A frame header; components have ids 1, 2, ... and quantization table 0.</summary>
    public static byte[] Frame(byte marker, int width, int height, params byte[] factors)
    {
        List<byte> content = [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)factors.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            content.AddRange([(byte)(i + 1), factors[i], 0]);
        }

        return Segment(marker, [.. content]);
    }

    /// <summary>A Huffman table with one code, a single 0 bit, for one symbol.</summary>
    public static byte[] OneCodeTable(int kind, byte symbol) => Segment(0xC4, [(byte)(kind << 4), 1, .. new byte[15], symbol]);

    /// <summary>A scan header; all components use tables 0.</summary>
    public static byte[] Scan(int start, int end, int high, int low, params byte[] components)
    {
        List<byte> content = [(byte)components.Length];
        foreach (byte id in components)
        {
            content.AddRange([id, 0]);
        }

        content.AddRange([(byte)start, (byte)end, (byte)((high << 4) | low)]);
        return Segment(0xDA, [.. content]);
    }

    /// <summary>A sequential image whose blocks are all empty, so that every pixel is middle gray.</summary>
    public static byte[] Gray(int width, int height, params byte[] factors)
    {
        byte[] ids = [.. factors.Select((_, i) => (byte)(i + 1))];
        return
        [
            .. Start, .. FlatQuantization, .. Frame(0xC0, width, height, factors), .. OneCodeTable(0, 0), .. OneCodeTable(1, 0),
            .. Scan(0, 63, 0, 0, ids), .. new byte[4096], .. End,
        ];
    }

    /// <summary>Where the first segment with a marker begins.</summary>
    public static int IndexOf(byte[] file, byte marker) => file.AsSpan().IndexOf([(byte)0xFF, marker]);

    /// <summary>The file without its segments of one kind.</summary>
    public static byte[] Without(byte[] file, byte marker)
    {
        List<byte> rest = [.. file];
        int at;
        while ((at = IndexOf([.. rest], marker)) >= 0)
        {
            rest.RemoveRange(at, 2 + (rest[at + 2] << 8) + rest[at + 3]);
        }

        return [.. rest];
    }

    public static byte[] Insert(byte[] file, int index, params byte[] bytes) => [.. file.AsSpan(0, index), .. bytes, .. file.AsSpan(index)];
}
