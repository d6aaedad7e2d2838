using System.Buffers.Binary;
using System.Security.Cryptography;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Imaging.Tests.Encoding;

public class JpegEncoderTests
{
    [Fact]
    public void Encode_MidGrayBlockWithStandardCodes_WritesTheBitsOfTheStandard()
    {
        // Mid-gray is zero after the level shift. Per component: DC category 0 (code 00), then end of block (1010 or 00);
        // 00 1010, 00 00, 00 00 and ones to fill the byte.
        byte[] file = JpegEncoder.Encode(
            TestImages.Uniform(8, 8, 128, 128, 128),
            new JpegEncoderOptions { Subsampling = ChromaSubsampling.Ratio444, OptimizeHuffmanCodes = false });

        Assert.Equal([0x28, 0x03, 0xFF, 0xD9], file[^4..]);
    }

    [Fact]
    public void Encode_LightBlockAtQuality50_CodesTheMeanByTableK1()
    {
        // (228 - 128) * 8 / 16 = 50: category 6 (code 1110) and 110010; end of block 1010; color 00 00 twice.
        byte[] file = JpegEncoder.Encode(
            TestImages.Uniform(8, 8, 228, 228, 228),
            new JpegEncoderOptions { Quality = 50, Subsampling = ChromaSubsampling.Ratio444, OptimizeHuffmanCodes = false });

        Assert.Equal([0b1110_1100, 0b1010_1000, 0b0000_0011, 0xFF, 0xD9], file[^5..]);
    }

    [Theory]
    [InlineData(ChromaSubsampling.Ratio444, 0x11)]
    [InlineData(ChromaSubsampling.Ratio420, 0x22)]
    public void Encode_AnyImage_HasBaselineSegmentsInOrder(ChromaSubsampling subsampling, byte sampling)
    {
        byte[] file = JpegEncoder.Encode(TestImages.Scene(37, 21), new JpegEncoderOptions { Subsampling = subsampling });

        List<(byte Marker, byte[] Payload)> segments = Segments(file);
        Assert.Equal([0xE0, 0xDB, 0xDB, 0xC0, 0xC4, 0xC4, 0xC4, 0xC4, 0xDA], segments.Select(segment => segment.Marker));
        byte[] frame = segments[3].Payload;
        Assert.Equal([8, 0, 21, 0, 37, 3, 1, sampling, 0, 2, 0x11, 1, 3, 0x11, 1], frame);
        Assert.Equal([0x00, 0x10, 0x01, 0x11], segments.Skip(4).Take(4).Select(segment => segment.Payload[0]));
        Assert.Equal([0xFF, 0xD9], file[^2..]);
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(25, 32)]
    [InlineData(50, 16)]
    [InlineData(75, 8)]
    [InlineData(90, 3)]
    [InlineData(100, 1)]
    public void Encode_Quality_ScalesTheTables(int quality, byte firstStep)
    {
        byte[] file = JpegEncoder.Encode(TestImages.Uniform(8, 8, 0, 0, 0), new JpegEncoderOptions { Quality = quality });

        Assert.Equal(firstStep, Segments(file)[1].Payload[1]);
    }

    [Fact]
    public void Encode_OptimizedCodes_AreSmaller()
    {
        Image scene = TestImages.Scene(96, 64);

        int optimized = JpegEncoder.Encode(scene).Length;
        int standard = JpegEncoder.Encode(scene, new JpegEncoderOptions { OptimizeHuffmanCodes = false }).Length;

        Assert.True(optimized < standard, $"{optimized} bytes optimized, {standard} standard");
    }

    [Theory]
    [InlineData(ChromaSubsampling.Ratio444, true, "3913e6df67465c95")]
    [InlineData(ChromaSubsampling.Ratio420, true, "e0804d484492d705")]
    [InlineData(ChromaSubsampling.Ratio420, false, "b0ea705db05d2ab9")]
    public void Encode_Scene_WritesTheSameBytesEverywhere(ChromaSubsampling subsampling, bool optimize, string expected)
    {
        var options = new JpegEncoderOptions { Quality = 80, Subsampling = subsampling, OptimizeHuffmanCodes = optimize };

        byte[] file = JpegEncoder.Encode(TestImages.Scene(75, 53), options);

        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(file))[..16]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Encode_QualityOutOfRange_Throws(int quality)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => JpegEncoder.Encode(new Image(1, 1), new JpegEncoderOptions { Quality = quality }));

        Assert.Equal(quality, error.ActualValue);
    }

    [Fact]
    public void Encode_SideAboveTheFormatsLimit_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => JpegEncoder.Encode(new Image(65536, 1)));

        Assert.Contains("65536 x 1", error.Message, StringComparison.Ordinal);
    }

    private static List<(byte Marker, byte[] Payload)> Segments(byte[] file)
    {
        Assert.Equal([0xFF, 0xD8], file[..2]);
        var segments = new List<(byte, byte[])>();
        int position = 2;
        do
        {
            Assert.Equal(0xFF, file[position]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(position + 2));
            segments.Add((file[position + 1], file[(position + 4)..(position + 2 + length)]));
            position += 2 + length;
        }
        while (segments[^1].Item1 != 0xDA);

        return segments;
    }
}
