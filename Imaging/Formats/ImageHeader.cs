using System.Buffers.Binary;

namespace MLClassify.Imaging;

/// <summary>Reads an image's size without its pixels.</summary>
internal static class ImageHeader
{
    // The signature, IHDR's length and name, then width and height; GIF and BMP need less.
    private const int Start = 32;

    /// <summary>Whether it is a PNG of 16 bits a sample.</summary>
    /// <param name="stream">The encoded image from its beginning.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool HasSixteenBits(Stream stream)
    {
        Span<byte> head = stackalloc byte[Start];
        return stream.ReadAtLeast(head, Start, throwOnEndOfStream: false) == Start && head[0] == 0x89 && head[1..].StartsWith("PNG"u8) && head[24] == 16;
    }

    /// <summary>The sides as the file has them, before its EXIF orientation is applied; null where the file does not say.</summary>
    /// <param name="stream">The encoded image from its beginning; it can seek.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (int Width, int Height)? ReadSize(Stream stream)
    {
        Span<byte> head = stackalloc byte[Start];
        head = head[..stream.ReadAtLeast(head, Start, throwOnEndOfStream: false)];
        if (head.Length < Start)
        {
            return null;
        }

        try
        {
            (long width, long height) = ImageFormats.Detect(head) switch
            {
                ImageFormat.Png => (BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..])),
                ImageFormat.Gif => (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..])),
                ImageFormat.Bmp => (BinaryPrimitives.ReadInt32LittleEndian(head[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]))),
                ImageFormat.Jpeg => JpegSize(stream),
                _ => (0, 0),
            };
            return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? ((int)width, (int)height) : null;
        }
        catch (InvalidImageException)
        {
            return null;
        }
    }

    // Segments follow each other: FF, a marker, the length of what follows. The frame's (SOF) begins with precision, height, width.
    private static (long Width, long Height) JpegSize(Stream stream)
    {
        Span<byte> segment = stackalloc byte[9];
        stream.Position = 2;
        while (stream.ReadAtLeast(segment[..4], 4, throwOnEndOfStream: false) == 4 && segment[0] == 0xFF)
        {
            byte marker = segment[1];
            if (marker == 0xFF)
            {
                stream.Position -= 3;
                continue;
            }

            // SOF0 to SOF15, without the three of the range that are none: DHT, JPG, DAC.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return stream.ReadAtLeast(segment[4..], 5, throwOnEndOfStream: false) == 5
                    ? (BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]))
                    : (0, 0);
            }

            stream.Position += BinaryPrimitives.ReadUInt16BigEndian(segment[2..]) - 2;
        }

        return (0, 0);
    }
}
