using MLClassify.Imaging.Png;

namespace MLClassify.Imaging.Tests.Png;

public class PngDecoderTests
{
    // Two rows of three gray pixels, unfiltered.
    private static readonly byte[] GrayRows = [0, 1, 2, 3, 0, 4, 5, 6];
    private static readonly byte[] GrayRgb = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6];
    private static readonly byte[] GrayHeader = TestPng.Chunk("IHDR", TestPng.Header(3, 2, 8, 0, false));
    private static readonly byte[] GrayData = TestPng.Chunk("IDAT", TestPng.Deflate(GrayRows));
    private static readonly byte[] End = TestPng.Chunk("IEND");

    [Fact]
    public void Decode_SmallestFile_GivesItsPixels() => AssertGray(TestPng.File(GrayHeader, GrayData, End));

    [Theory]
    [InlineData(0, "chunk IHDR is damaged: its checksum is ")]
    [InlineData(1, "chunk PLTE is damaged: its checksum is ")]
    public void Decode_CriticalChunkWithWrongChecksum_IsRefused(int damaged, string expected)
    {
        byte[] file = TestPng.File(
            TestPng.Chunk("IHDR", TestPng.Header(3, 2, 8, 3, false), damaged != 0),
            TestPng.Chunk("PLTE", [1, 2, 3], damaged != 1),
            GrayData,
            End);

        AssertInvalid(file, expected);
    }

    [Fact]
    public void Decode_WrongChecksumsOfAncillaryAndDataChunks_AreToleratedLikeTheZlibChecksumAllows() =>
        AssertGray(
            TestPng.File(GrayHeader, TestPng.Chunk("tEXt", [65, 0], false), TestPng.Chunk("IDAT", TestPng.Deflate(GrayRows), false), End));

    [Fact]
    public void Decode_WrongZlibChecksum_IsRefused()
    {
        byte[] data = TestPng.Deflate(GrayRows);
        data[^1] ^= 1;

        AssertInvalid(TestPng.File(GrayHeader, TestPng.Chunk("IDAT", data), End), "the compressed data (zlib) is damaged");
    }

    [Fact]
    public void Decode_MissingEndAndZlibChecksum_GivesThePixels()
    {
        byte[] data = TestPng.Deflate(GrayRows);

        AssertGray(TestPng.File(GrayHeader, TestPng.Chunk("IDAT", data[..^4])));
        AssertGray(TestPng.File(GrayHeader, TestPng.Chunk("IDAT", data))[..^8]);
    }

    [Fact]
    public void Decode_SurplusRows_AreIgnored() => AssertGray(TestPng.Gray(3, 2, [.. GrayRows, 0, 7, 8, 9]));

    [Fact]
    public void Decode_DataInManyChunksSomeEmpty_GivesThePixels()
    {
        byte[][] pieces = TestPng.Deflate(GrayRows).Select(b => TestPng.Chunk("IDAT", [b])).ToArray();

        AssertGray(TestPng.File([GrayHeader, TestPng.Chunk("IDAT"), .. pieces, TestPng.Chunk("IDAT"), End]));
    }

    [Fact]
    public void Decode_DataChunksThatAreNotConsecutive_AreRefused()
    {
        byte[] data = TestPng.Deflate(GrayRows);
        byte[] file = TestPng.File(
            GrayHeader, TestPng.Chunk("IDAT", data[..4]), TestPng.Chunk("tEXt", [65, 0]), TestPng.Chunk("IDAT", data[4..]), End);

        AssertInvalid(file, "the image data ends in row 0 of 2");
    }

    [Fact]
    public void Decode_TruncatedData_NamesTheRow()
    {
        AssertInvalid(TestPng.Gray(3, 2, GrayRows[..^1]), "the image data ends in row 1 of 2");
        AssertInvalid(
            TestPng.File(GrayHeader, TestPng.Chunk("IDAT", TestPng.Deflate(GrayRows))[..12]), "the image data ends in row 0 of 2");
    }

    [Fact]
    public void Decode_UnknownFilter_NamesIt() =>
        AssertInvalid(TestPng.Gray(3, 2, [0, 1, 2, 3, 5, 4, 5, 6]), "row 1 of 2 has filter type 5, expected 0 to 4");

    [Fact]
    public void Decode_NoData_SaysSo()
    {
        AssertInvalid(TestPng.File(GrayHeader, End), "the image ends (IEND) before any image data (IDAT)");
        AssertInvalid(TestPng.File(GrayHeader), "the file ends where a chunk was expected; no IDAT chunk came before");
        AssertInvalid(TestPng.Signature, "the file ends where a chunk was expected");
        AssertInvalid(TestPng.File(GrayHeader, TestPng.Chunk("IDAT"), End), "bytes of data (IDAT) can hold");
    }

    [Fact]
    public void Decode_ChunksOutOfOrder_AreRefused()
    {
        byte[] palette = TestPng.Chunk("PLTE", [1, 2, 3]);
        byte[] indexed = TestPng.Chunk("IHDR", TestPng.Header(3, 2, 8, 3, false));

        AssertInvalid(TestPng.File(GrayData, GrayHeader, End), "found chunk IDAT, expected IHDR first");
        AssertInvalid(TestPng.File(GrayHeader, GrayHeader, GrayData, End), "found a second IHDR chunk");
        AssertInvalid(TestPng.File(indexed, GrayData, palette, End), "an indexed image needs a palette (PLTE) before its data (IDAT)");
        AssertInvalid(TestPng.File(indexed, palette, palette, GrayData, End), "found a second palette (PLTE)");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(771)]
    public void Decode_PaletteOfWrongLength_IsRefused(int length)
    {
        byte[] file = TestPng.File(
            TestPng.Chunk("IHDR", TestPng.Header(3, 2, 8, 3, false)), TestPng.Chunk("PLTE", new byte[length]), GrayData, End);

        AssertInvalid(file, $"the palette has {length} bytes, expected 3 for each of 1 to 256 colors");
    }

    [Fact]
    public void Decode_IndexPastThePalette_GivesTheGrayOfTheIndexAsPillowDoes()
    {
        byte[] file = TestPng.File(
            TestPng.Chunk("IHDR", TestPng.Header(2, 1, 8, 3, false)), TestPng.Chunk("PLTE", [9, 8, 7]),
            TestPng.Chunk("IDAT", TestPng.Deflate([0, 0, 200])), End);

        Assert.Equal([9, 8, 7, 200, 200, 200], Image.Decode(file).Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 8, 0, 0, 0, "color type 1 with bit depth 8 does not exist")]
    [InlineData(2, 4, 0, 0, 0, "color type 2 with bit depth 4 does not exist")]
    [InlineData(3, 16, 0, 0, 0, "color type 3 with bit depth 16 does not exist")]
    [InlineData(0, 3, 0, 0, 0, "color type 0 with bit depth 3 does not exist")]
    [InlineData(0, 8, 1, 0, 0, "compression method 1, expected 0")]
    [InlineData(0, 8, 0, 1, 0, "filter method 1, expected 0")]
    [InlineData(0, 8, 0, 0, 2, "interlace method 2, expected 0 or 1")]
    public void Decode_HeaderWithUnknownValue_NamesIt(
        byte color, byte depth, byte compression, byte filter, byte interlace, string expected) =>
        AssertInvalid(
            TestPng.File(TestPng.Chunk("IHDR", TestPng.Header(3, 2, depth, color, compression, filter, interlace)), GrayData, End),
            expected);

    [Fact]
    public void Decode_HeaderOfWrongLength_IsRefused() =>
        AssertInvalid(
            TestPng.File(TestPng.Chunk("IHDR", new byte[12]), GrayData, End), "PNG at byte 8: chunk IHDR has 12 bytes, expected 13");

    [Theory]
    [InlineData(0u, 5u)]
    [InlineData(5u, 0u)]
    public void Decode_NoPixels_IsRefused(uint width, uint height) =>
        AssertInvalid(
            TestPng.File(TestPng.Chunk("IHDR", TestPng.Header(width, height, 8, 0)), GrayData, End),
            $"PNG at byte 16: the image is {width} x {height} pixels");

    [Fact]
    public void Decode_HugeClaimWithoutData_IsRefusedBeforeAnythingIsAllocated()
    {
        byte[] claim = TestPng.File(TestPng.Chunk("IHDR", TestPng.Header(9000, 9000, 8, 2)), GrayData, End);
        byte[] interlaced = TestPng.File(TestPng.Chunk("IHDR", TestPng.Header(9000, 9000, 16, 6, interlace: 1)), GrayData, End);
        byte[] overLimit = TestPng.File(TestPng.Chunk("IHDR", TestPng.Header(uint.MaxValue, uint.MaxValue, 16, 6)), GrayData, End);

        Assert.Contains(
            "9000 x 9000 pixels need 243009000 bytes", Hostile.RefusedCheaply<InvalidImageException>(claim), StringComparison.Ordinal);
        Hostile.RefusedCheaply<InvalidImageException>(interlaced);
        Assert.Contains(
            "more than the limit of 100000000", Hostile.RefusedCheaply<UnsupportedImageException>(overLimit), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_DecompressionBomb_IsReadNoFurtherThanTheImage()
    {
        // Twenty million zeros behind the image's rows: about 20 kB of data.
        byte[] bomb = TestPng.Gray(3, 2, [.. GrayRows, .. new byte[20_000_000]]);
        Image.Decode(bomb);

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertGray(bomb);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Theory]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    public void Decode_ChunkLongerThanTheFile_IsRefused(uint length)
    {
        byte[] file = TestPng.File(
            GrayHeader,
            [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. "tEXt"u8, 0, 0, 0, 0, 0, 0],
            GrayData);

        AssertInvalid(file, $"PNG at byte 33: chunk tEXt claims {length} bytes, but the file ends ");
    }

    [Fact]
    public void Decode_ChunkTypeThatIsNotLetters_ShowsIt() =>
        AssertInvalid(
            TestPng.File(GrayHeader, TestPng.Chunk("a\u0001cd"), GrayData, End),
            "PNG at byte 37: found 61 01 63 64, expected a chunk type of four letters");

    [Fact]
    public void Decode_UnknownCriticalChunk_IsUnsupported()
    {
        var unknown = Assert.Throws<UnsupportedImageException>(
            () => Image.Decode(TestPng.File(GrayHeader, TestPng.Chunk("ABCD"), GrayData, End)));
        var apple = Assert.Throws<UnsupportedImageException>(
            () => Image.Decode(TestPng.File(TestPng.Chunk("CgBI", [0, 0, 0, 0]), GrayHeader, GrayData, End)));

        Assert.Contains("the critical chunk ABCD is not known", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("CgBI", apple.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ZlibWithPresetDictionary_IsRefused() =>
        AssertInvalid(
            TestPng.File(GrayHeader, TestPng.Chunk("IDAT", [0x78, 0xBB, 1, 2, 3, 4, 5]), End), "the compressed data (zlib) is damaged");

    [Fact]
    public void Decode_Sixteenbit_TakesTheHighByte()
    {
        byte[] header = TestPng.Chunk("IHDR", TestPng.Header(2, 1, 16, 0, false));
        byte[] gray = TestPng.File(header, TestPng.Chunk("IDAT", TestPng.Deflate([0, 0x12, 0xFF, 0xFE, 0x80])), End);

        Assert.Equal([0x12, 0x12, 0x12, 0xFE, 0xFE, 0xFE], Image.Decode(gray).Pixels.ToArray());
    }

    private static void AssertGray(byte[] file)
    {
        Image image = Image.Decode(file);
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(GrayRgb, image.Pixels.ToArray());
    }

    private static void AssertInvalid(byte[] file, string expected)
    {
        var error = Assert.Throws<InvalidImageException>(() => PngDecoder.Decode(file, DecodeOptions.Default));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("PNG at byte ", error.Message, StringComparison.Ordinal);
    }
}
