using System.Buffers.Binary;
using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Encoding;

/// <summary>Writes baseline JPEG files: ITU-T T.81 in the color space of JFIF 1.02, 8 bits, sequential, Huffman-coded.</summary>
public static class JpegEncoder
{
    private const int MaxSide = 65535;

    /// <summary>Encodes an image.</summary>
    /// <param name="image">The image; neither side above 65,535.</param>
    /// <param name="options">Quality, subsampling and coding; defaults when null.</param>
    /// <returns>The file's bytes; the same for the same image and options on every machine.</returns>
    /// <exception cref="ArgumentException">The image is too large for the format.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static byte[] Encode(Image image, JpegEncoderOptions? options = null)
    {
        using var buffer = new MemoryStream();
        Encode(image, buffer, options);
        return buffer.ToArray();
    }

    /// <summary>Encodes an image into a stream.</summary>
    /// <param name="image">The image; neither side above 65,535.</param>
    /// <param name="destination">Receives the file's bytes; stays open.</param>
    /// <param name="options">Quality, subsampling and coding; defaults when null.</param>
    /// <exception cref="ArgumentException">The image is too large for the format.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static void Encode(Image image, Stream destination, JpegEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= JpegEncoderOptions.Default;
        options.Validate();
        if (image.Width > MaxSide || image.Height > MaxSide)
        {
            throw new ArgumentException($"JPEG holds at most {MaxSide} pixels a side, got {image.Width} x {image.Height}.", nameof(image));
        }

        byte[] luminance = JpegQuantization.Scale(JpegQuantization.Luminance, options.Quality);
        byte[] chrominance = JpegQuantization.Scale(JpegQuantization.Chrominance, options.Quality);
        JpegPlane[] planes = JpegPlanes.Create(image, options.Subsampling, luminance, chrominance);
        JpegHuffmanSpec[] codes = options.OptimizeHuffmanCodes ? JpegScan.OptimalCodes(planes) : JpegHuffmanSpec.Standard;

        WriteHeader(destination);
        WriteQuantization(destination, 0, luminance);
        WriteQuantization(destination, 1, chrominance);
        WriteFrame(destination, image, planes);
        for (int i = 0; i < codes.Length; i++)
        {
            WriteHuffman(destination, i, codes[i]);
        }

        WriteScanHeader(destination);
        JpegScan.Write(destination, planes, codes);
        destination.Write([0xFF, 0xD9]);
    }

    private static void WriteHeader(Stream destination)
    {
        destination.Write([0xFF, 0xD8]);
        WriteSegment(destination, 0xE0, [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0]);
    }

    private static void WriteQuantization(Stream destination, byte table, byte[] values)
    {
        Span<byte> payload = stackalloc byte[65];
        payload[0] = table;
        for (int i = 0; i < 64; i++)
        {
            payload[i + 1] = values[ZigZag.ToNatural[i]];
        }

        WriteSegment(destination, 0xDB, payload);
    }

    private static void WriteFrame(Stream destination, Image image, JpegPlane[] planes)
    {
        Span<byte> payload = stackalloc byte[6 + (3 * 3)];
        payload[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(payload[1..], (ushort)image.Height);
        BinaryPrimitives.WriteUInt16BigEndian(payload[3..], (ushort)image.Width);
        payload[5] = (byte)planes.Length;
        for (int i = 0; i < planes.Length; i++)
        {
            payload[6 + (3 * i)] = (byte)(i + 1);
            payload[7 + (3 * i)] = (byte)((planes[i].Sampling << 4) | planes[i].Sampling);
            payload[8 + (3 * i)] = (byte)(i == 0 ? 0 : 1);
        }

        WriteSegment(destination, 0xC0, payload);
    }

    private static void WriteHuffman(Stream destination, int index, JpegHuffmanSpec code)
    {
        byte tableClass = (byte)((index & 1) << 4);
        byte tableNumber = (byte)(index >> 1);
        WriteSegment(destination, 0xC4, [(byte)(tableClass | tableNumber), .. code.Counts, .. code.Symbols]);
    }

    private static void WriteScanHeader(Stream destination) => WriteSegment(destination, 0xDA, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);

    private static void WriteSegment(Stream destination, byte marker, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(payload.Length + 2));
        destination.Write(head);
        destination.Write(payload);
    }
}
