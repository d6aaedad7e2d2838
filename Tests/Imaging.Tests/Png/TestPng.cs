using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLClassify.Imaging.Tests.Png;

/// <summary>Builds PNG files from chunks, sound or not.</summary>
internal static class TestPng
{
    public static byte[] Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] File(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(chunk => chunk)];

    /// <summary>A chunk with its checksum, or with a wrong one.</summary>
    public static byte[] Chunk(string type, byte[]? data = null, bool soundChecksum = true)
    {
        data ??= [];
        byte[] typeAndData = [.. System.Text.Encoding.Latin1.GetBytes(type), .. data];
        uint crc = SlowCrc32.Of(typeAndData);
        return [.. BigEndian((uint)data.Length), .. typeAndData, .. BigEndian(soundChecksum ? crc : ~crc)];
    }

    public static byte[] Header(
        uint width, uint height, byte bitDepth, byte colorType, byte compression = 0, byte filter = 0, byte interlace = 0) =>
        [.. BigEndian(width), .. BigEndian(height), bitDepth, colorType, compression, filter, interlace];

    public static byte[] Header(int width, int height, int bitDepth, byte colorType, bool interlaced) =>
        Header((uint)width, (uint)height, (byte)bitDepth, colorType, interlace: interlaced ? (byte)1 : (byte)0);

    /// <summary>A whole grayscale image of 8 bits.</summary>
    public static byte[] Gray(int width, int height, byte[] filteredRows) =>
        File(Chunk("IHDR", Header(width, height, 8, 0, false)), Chunk("IDAT", Deflate(filteredRows)), Chunk("IEND"));

    public static byte[] Deflate(byte[] raw)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(raw);
        }

        return compressed.ToArray();
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
