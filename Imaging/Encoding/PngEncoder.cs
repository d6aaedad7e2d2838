using System.Buffers.Binary;
using System.IO.Compression;
using MLClassify.Imaging.Png;

namespace MLClassify.Imaging.Encoding;

/// <summary>Writes PNG files (W3C, third edition): 8-bit RGB, not interlaced, the row filter chosen row by row.</summary>
public static class PngEncoder
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes an image without loss.</summary>
    /// <param name="image">The image.</param>
    /// <param name="compression">Effort of the compression. Default <see cref="CompressionLevel.Optimal"/>.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Encode(Image image, CompressionLevel compression = CompressionLevel.Optimal)
    {
        using var buffer = new MemoryStream();
        Encode(image, buffer, compression);
        return buffer.ToArray();
    }

    /// <summary>Encodes an image without loss into a stream.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">Receives the file's bytes; stays open.</param>
    /// <param name="compression">Effort of the compression. Default <see cref="CompressionLevel.Optimal"/>.</param>
    public static void Encode(Image image, Stream destination, CompressionLevel compression = CompressionLevel.Optimal)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = 2;
        header[10..].Clear();

        destination.Write(Signature);
        WriteChunk(destination, "IHDR"u8, header);
        using (var compressed = new MemoryStream())
        {
            Compress(image, compressed, compression);
            WriteChunk(destination, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        }

        WriteChunk(destination, "IEND"u8, []);
    }

    private static void Compress(Image image, Stream destination, CompressionLevel compression)
    {
        using var zlib = new ZLibStream(destination, compression, leaveOpen: true);
        int rowLength = image.Width * 3;
        var scratch = new byte[PngFilter.ScratchLength(rowLength)];
        var line = new byte[1 + rowLength];
        ReadOnlySpan<byte> above = new byte[rowLength];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y);
            line[0] = PngFilter.Apply(row, above, scratch, line.AsSpan(1));
            zlib.Write(line);
            above = row;
        }
    }

    private static void WriteChunk(Stream destination, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        destination.Write(word);
        destination.Write(type);
        destination.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, PngCrc.Compute(type, data));
        destination.Write(word);
    }
}
