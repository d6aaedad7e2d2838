using MLClassify.Imaging.Bmp;

namespace MLClassify.Imaging.Tests.Bmp;

public class BmpDecoderTests
{
    private static readonly byte[] Palette = [1, 2, 3, 0, 11, 12, 13, 0, 21, 22, 23, 0];

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    public void Decode_RandomPixels_GivesThem(int bitCount)
    {
        var random = new Random(bitCount);
        for (int width = 1; width < 12; width++)
        {
            int height = 1 + random.Next(5);
            int stride = ((width * bitCount) + 31) / 32 * 4;
            var data = new byte[stride * height];
            random.NextBytes(data);
            var expected = new byte[width * height * 3];
            for (int i = 0; i < expected.Length; i++)
            {
                int y = height - 1 - (i / 3 / width);
                expected[i] = data[(y * stride) + (i / 3 % width * bitCount / 8) + 2 - (i % 3)];
            }

            Assert.Equal(expected, Image.Decode(new TestBmp(width, height, bitCount, data).Encode()).Pixels.ToArray());
            Assert.Equal(expected, Image.Decode(new TestBmp(width, height, bitCount, data) { Offset = 0 }.Encode()).Pixels.ToArray());
        }
    }

    [Fact]
    public void Decode_NegativeHeight_RunsFromTheTop() =>
        Assert.Equal([3, 2, 1, 6, 5, 4], Decode(new TestBmp(1, -2, 24, [1, 2, 3, 0, 4, 5, 6, 0])));

    [Fact]
    public void Decode_LastPaddingMissing_GivesThePixels() =>
        Assert.Equal([6, 5, 4, 3, 2, 1], Decode(new TestBmp(1, 2, 24, [1, 2, 3, 0, 4, 5, 6])));

    [Fact]
    public void Decode_Os2HeaderOfSixteenBytes_GivesThePixels() =>
        Assert.Equal([3, 2, 1], Decode(new TestBmp(1, 1, 24, [1, 2, 3, 0]) { HeaderLength = 16 }));

    [Theory]
    [InlineData(52)]
    [InlineData(56)]
    public void Decode_MasksInTheHeader_AreUsed(int headerLength) =>
        Assert.Equal(
            [1, 2, 3],
            Decode(new TestBmp(1, 1, 32, [1, 2, 3, 4]) { HeaderLength = headerLength, Compression = 3, Masks = [0xFF, 0xFF00, 0xFF0000] }));

    [Fact]
    public void Decode_TenBitChannels_AreStretched()
    {
        uint pixel = (1023u << 20) | (512u << 10) | 1;
        byte[] data = BitConverter.GetBytes(pixel);

        Assert.Equal(
            [255, 512 * 255 / 1023, 0], Decode(new TestBmp(1, 1, 32, data) { Compression = 3, Masks = [0x3FF00000, 0xFFC00, 0x3FF] }));
    }

    [Fact]
    public void Decode_AlphaMaskAfterTheHeader_IsSteppedOver() =>
        Assert.Equal(
            [0x22, 0x33, 0x44], Decode(new TestBmp(1, 1, 16, [0x34, 0xF2]) { Compression = 6, Masks = [0xF00, 0xF0, 0xF, 0xF000] }));

    [Fact]
    public void Decode_AbsentMasks_AreTheUsualOnes()
    {
        Assert.Equal([3, 2, 1], Decode(new TestBmp(1, 1, 32, [1, 2, 3, 4]) { Compression = 3, Masks = [0, 0, 0] }));
        Assert.Equal([0, 2, 0], Decode(new TestBmp(1, 1, 32, [1, 2, 3, 4]) { Compression = 3, Masks = [0, 0xFF00, 0] }));
    }

    [Fact]
    public void Decode_IndexPastThePalette_GivesTheGrayOfTheIndexAsPillowDoes() =>
        Assert.Equal([13, 12, 11, 200, 200, 200], Decode(new TestBmp(2, 1, 8, [1, 200, 0, 0]) { Palette = Palette, ColorsUsed = 3 }));

    [Fact]
    public void Decode_PaletteClaimPastThePixels_EndsAtThePixels() =>
        Assert.Equal([13, 12, 11, 3, 3, 3], Decode(new TestBmp(2, 1, 8, [1, 3, 0, 0]) { Palette = Palette, ColorsUsed = uint.MaxValue }));

    [Fact]
    public void Decode_RleDelta_LeavesColorZero()
    {
        // Bottom row first: a pixel, then one right and one up, a run that would leave the row, then up past the top.
        byte[] data = [1, 1, 0, 2, 1, 1, 9, 2, 0, 2, 0, 2, 0, 1];

        byte[] pixels = Decode(new TestBmp(4, 3, 8, data) { Compression = 1, Palette = Palette, ColorsUsed = 3 });

        Assert.Equal([0, 0, 0, 0, 0, 0, 2, 2, 1, 0, 0, 0], Indices(pixels));
    }

    [Fact]
    public void Decode_Rle4OddLiteral_TakesTheFirstNibbleOfItsLastByteAndItsPad()
    {
        byte[] data = [0, 5, 0x12, 0x12, 0x10, 0, 1, 0x20, 0, 0, 0, 1];

        byte[] pixels = Decode(new TestBmp(6, 1, 4, data) { Compression = 2, Palette = Palette, ColorsUsed = 3 });

        Assert.Equal([1, 2, 1, 2, 1, 2], Indices(pixels));
    }

    [Theory]
    [InlineData(new byte[] { 2, 1, 0, 0 }, "the run lengths end in row 1 of 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 2 }, "the run lengths end in row 1 of 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 4, 1, 1 }, "the run lengths end in row 1 of 2")]
    [InlineData(new byte[] { 0, 2, 1 }, "the run lengths end in row 0 of 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 1, 1, 0, 1 }, "the end-of-bitmap code comes in row 1 of 2")]
    public void Decode_TruncatedRle_NamesTheRow(byte[] data, string expected) =>
        AssertInvalid(new TestBmp(2, 2, 8, data) { Compression = 1, Palette = Palette, ColorsUsed = 3 }.Encode(), expected);

    [Fact]
    public void Decode_RleWithoutEndCode_GivesThePixels() =>
        Assert.Equal(
            [1, 1, 2, 2], Indices(Decode(new TestBmp(2, 2, 8, [2, 2, 0, 0, 2, 1]) { Compression = 1, Palette = Palette, ColorsUsed = 3 })));

    [Fact]
    public void Decode_DataTooShort_SaysHowMuchIsMissing() =>
        AssertInvalid(
            new TestBmp(2, 2, 24, new byte[13]).Encode(), "BMP at byte 54: 2 x 2 pixels need 14 bytes, but 13 are left in the file");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void Decode_NoPixels_IsRefused(int width, int height) =>
        AssertInvalid(new TestBmp(width, height, 24, new byte[8]).Encode(), $"the image is {width} x {height} pixels");

    [Theory]
    [InlineData(10u, "inside the headers")]
    [InlineData(58u, "the pixels begin at byte 58, but the file has 58 bytes")]
    [InlineData(uint.MaxValue, "the pixels begin at byte 4294967295")]
    public void Decode_PixelsOutsideTheFile_AreRefused(uint offset, string expected) =>
        AssertInvalid(new TestBmp(1, 1, 24, [1, 2, 3, 0]) { Offset = offset }.Encode(), expected);

    [Fact]
    public void Decode_CompressionThatDoesNotFitTheDepth_IsRefused()
    {
        AssertInvalid(
            new TestBmp(1, 1, 4, [1, 2, 3, 0]) { Compression = 1 }.Encode(), "compression Rle8 does not go with 4 bits per pixel");
        AssertInvalid(
            new TestBmp(1, 1, 8, [1, 2, 3, 0]) { Compression = 3 }.Encode(), "compression BitFields does not go with 8 bits per pixel");
    }

    [Theory]
    [InlineData(0x505u)] // Not one run.
    [InlineData(0x1F0000u)] // Past the pixel's 16 bits.
    public void Decode_ImpossibleMask_IsRefused(uint mask) =>
        AssertInvalid(
            new TestBmp(1, 1, 16, [1, 2, 3, 0]) { Compression = 3, Masks = [mask, 0x7E0, 0x1F] }.Encode(),
            $"the color mask {mask:X8} is not one run of bits within 16");

    [Theory]
    [InlineData(40, 24, 4u, "a JPEG inside a bitmap")]
    [InlineData(40, 0, 5u, "a PNG inside a bitmap")]
    [InlineData(64, 1, 3u, "OS/2's Huffman 1D")]
    [InlineData(40, 24, 7u, "compression 7 is not known")]
    [InlineData(40, 2, 0u, "2 bits per pixel are not supported")]
    [InlineData(41, 24, 0u, "an information header of 41 bytes is not known")]
    public void Decode_StorageThatIsNotDecoded_IsUnsupportedByName(int headerLength, int bitCount, uint compression, string expected)
    {
        byte[] file = new TestBmp(1, 1, bitCount, new byte[64]) { HeaderLength = headerLength, Compression = compression }.Encode();

        Assert.Contains(expected, Assert.Throws<UnsupportedImageException>(() => Image.Decode(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_EveryTruncation_GivesAnImageOrAClearError()
    {
        byte[] file = new TestBmp(3, 3, 16, new byte[24]) { HeaderLength = 124, Compression = 3, Masks = [0xF800, 0x7E0, 0x1F] }.Encode();

        for (int length = 0; length < file.Length; length++)
        {
            Hostile.DecodeOrRefuse(file.AsSpan(0, length));
        }

        Assert.True(Hostile.DecodeOrRefuse(file));
    }

    [Fact]
    public void Decode_HugeClaimWithoutData_IsRefusedBeforeAnythingIsAllocated()
    {
        Hostile.RefusedCheaply<InvalidImageException>(new TestBmp(9000, 9000, 24, new byte[8]).Encode());
        Hostile.RefusedCheaply<InvalidImageException>(new TestBmp(9000, 9000, 1, new byte[8]).Encode());
        Hostile.RefusedCheaply<InvalidImageException>(new TestBmp(9000, 9000, 8, [0, 1]) { Compression = 1 }.Encode());
        Hostile.RefusedCheaply<UnsupportedImageException>(new TestBmp(int.MaxValue, int.MinValue, 24, new byte[8]).Encode());
    }

    private static byte[] Decode(TestBmp bitmap) => Image.Decode(bitmap.Encode()).Pixels.ToArray();

    // The palette's red is 3, 13, 23.
    private static int[] Indices(byte[] rgb) => rgb.Where((_, i) => i % 3 == 0).Select(red => red / 10).ToArray();

    private static void AssertInvalid(byte[] file, string expected)
    {
        var error = Assert.Throws<InvalidImageException>(() => BmpDecoder.Decode(file, DecodeOptions.Default));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("BMP at byte ", error.Message, StringComparison.Ordinal);
    }
}
