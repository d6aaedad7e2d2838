using System.Buffers.Binary;
using System.IO.Compression;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(61, 43)]
    public void Encode_AnySize_DecodesToTheSamePixels(int width, int height)
    {
        Image scene = TestImages.Scene(width, height);

        byte[] file = PngEncoder.Encode(scene);

        Assert.Equal(scene.Pixels.ToArray(), Unfilter(Lines(file, width, height), width, height));
    }

    [Fact]
    public void Encode_Scene_WritesThreeChunksWithTheirChecks()
    {
        byte[] file = PngEncoder.Encode(TestImages.Scene(20, 10));

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = Chunks(file);
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        Assert.Equal([0, 0, 0, 20, 0, 0, 0, 10, 8, 2, 0, 0, 0], chunks[0].Data);

        // The check of an empty IEND chunk is the same in every PNG file.
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], file[^4..]);
    }

    [Fact]
    public void Encode_RowsOfDifferentKinds_GetDifferentFilters()
    {
        // Row 1 repeats row 0 (up is all zeros); row 2 rises evenly (left is constant); row 3 is black after it (none is all zeros).
        var image = new Image(16, 4);
        for (int i = 0; i < 48; i++)
        {
            image.Row(0)[i] = image.Row(1)[i] = (byte)(i * 37);
            image.Row(2)[i] = (byte)(i / 3);
        }

        byte[] lines = Lines(PngEncoder.Encode(image), 16, 4);

        Assert.Equal([2, 1, 0], new[] { lines[49], lines[98], lines[147] });
    }

    [Fact]
    public void Encode_SmoothImage_IsMuchSmallerThanItsPixels()
    {
        Image image = new(256, 256);
        for (int y = 0; y < 256; y++)
        {
            image.Row(y).Fill((byte)y);
        }

        Assert.True(PngEncoder.Encode(image).Length < 3 * 256 * 256 / 100);
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        int position = 8;
        while (position < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position));
            ReadOnlySpan<byte> covered = file.AsSpan(position + 4, 4 + length);
            Assert.Equal(SlowCheck(covered), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(position + 8 + length)));
            chunks.Add((System.Text.Encoding.ASCII.GetString(covered[..4]), covered[4..].ToArray()));
            position += 12 + length;
        }

        return chunks;
    }

    private static byte[] Lines(byte[] file, int width, int height)
    {
        byte[] data = Chunks(file).Single(chunk => chunk.Type == "IDAT").Data;
        using var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        var lines = new byte[height * (1 + (3 * width))];
        zlib.ReadExactly(lines);
        Assert.Equal(-1, zlib.ReadByte());
        return lines;
    }

    /// <summary>Section 9 of the standard, pixel by pixel.</summary>
    private static byte[] Unfilter(byte[] lines, int width, int height)
    {
        int length = 3 * width;
        var pixels = new byte[height * length];
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < length; i++)
            {
                int a = i < 3 ? 0 : pixels[(y * length) + i - 3];
                int b = y == 0 ? 0 : pixels[((y - 1) * length) + i];
                int c = i < 3 || y == 0 ? 0 : pixels[((y - 1) * length) + i - 3];
                int prediction = lines[y * (length + 1)] switch
                {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => (a + b) / 2,
                    4 => new[] { a, b, c }.MinBy(candidate => Math.Abs(a + b - c - candidate)),
                    var filter => throw new InvalidDataException($"filter {filter}"),
                };
                pixels[(y * length) + i] = (byte)(lines[(y * (length + 1)) + 1 + i] + prediction);
            }
        }

        return pixels;
    }

    private static uint SlowCheck(ReadOnlySpan<byte> bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte value in bytes)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0xEDB88320);
            }
        }

        return ~state;
    }
}
