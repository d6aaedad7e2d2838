using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public class JpegErrorTests
{
    [Theory]
    [InlineData("baseline_420_33x17")]
    [InlineData("progressive_420_33x17")]
    [InlineData("restart_420_33x17")]
    [InlineData("noninterleaved_420_33x17")]
    [InlineData("small_420_1x1")]
    public void Decode_EveryTruncation_IsInvalid(string name)
    {
        byte[] file = GoldenFiles.Encoded(name);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file.AsSpan(0, length), DecodeOptions.Default));
        }
    }

    [Theory]
    [InlineData(0xC3, "lossless")]
    [InlineData(0xC5, "hierarchical")]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xCA, "arithmetic")]
    public void Decode_OtherCodingProcess_IsNamed(byte marker, string named)
    {
        byte[] file = GoldenFiles.Encoded("baseline_420_33x17");
        file[JpegBytes.IndexOf(file, 0xC0) + 1] = marker;

        UnsupportedImageException error = Assert.Throws<UnsupportedImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void Decode_TwelveBitSamples_IsNamed()
    {
        byte[] file = GoldenFiles.Encoded("baseline_420_33x17");
        file[JpegBytes.IndexOf(file, 0xC0) + 4] = 12;

        UnsupportedImageException error = Assert.Throws<UnsupportedImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.Contains("12-bit", error.Message);
    }

    [Fact]
    public void Decode_TwoComponents_IsUnsupported()
    {
        Assert.Throws<UnsupportedImageException>(() => JpegDecoder.Decode(JpegBytes.Gray(8, 8, 0x11, 0x11), DecodeOptions.Default));
    }

    [Fact]
    public void Decode_LyingSegmentLength_NamesItsOffset()
    {
        byte[] file = GoldenFiles.Encoded("baseline_420_33x17");
        int segment = JpegBytes.IndexOf(file, 0xDB);
        file[segment + 2] = 0xFF;

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.Equal(segment, error.Offset);
        Assert.Contains("FF DB", error.Message);
    }

    [Fact]
    public void Decode_ZeroHeightWithoutDnl_IsInvalid()
    {
        byte[] file = JpegBytes.Gray(8, 0, 0x11);

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.Contains("DNL", error.Message);
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_IsInvalid()
    {
        byte[] file = JpegBytes.Gray(40, 30, 0x11);

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file, new DecodeOptions { MaxPixels = 1199 }));

        Assert.Contains("40 x 30", error.Message);
        Assert.True(error.IsTooLarge);
        Assert.Equal(40, JpegDecoder.Decode(file, new DecodeOptions { MaxPixels = 1200 }).Width);
    }

    [Theory]
    [InlineData(0xC0)]
    [InlineData(0xC2)]
    public void Decode_HugeSizeInSmallFile_AllocatesNothingOfThatSize(byte frame)
    {
        byte[] file =
        [
            .. JpegBytes.Start, .. JpegBytes.FlatQuantization, .. JpegBytes.Frame(frame, 10000, 10000, 0x11, 0x11, 0x11),
            .. JpegBytes.OneCodeTable(0, 0), .. JpegBytes.OneCodeTable(1, 0), .. JpegBytes.Scan(0, frame == 0xC2 ? 0 : 63, 0, 0, 1, 2, 3), 0, .. JpegBytes.End,
        ];
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_ThousandsOfScansOverLargeImage_IsRefusedAfterADozenMore()
    {
        const int Side = 4096;
        List<byte> file =
        [
            .. JpegBytes.Start, .. JpegBytes.FlatQuantization, .. JpegBytes.Frame(0xC2, Side, Side, 0x11),
            .. JpegBytes.OneCodeTable(0, 0), .. JpegBytes.Scan(0, 0, 0, 0, 1), .. new byte[Side * Side / 64 / 8],
        ];

        // Symbol E0: a run of 2^14 blocks and more that end at once, 15 bits for each.
        file.AddRange(JpegBytes.OneCodeTable(1, 0xE0));
        int begin = file.Count;
        for (int i = 0; i < 5000; i++)
        {
            file.AddRange([.. JpegBytes.Scan(1, 63, 1, 0, 1), .. new byte[30]]);
        }

        int scan = (file.Count - begin) / 5000;
        file.AddRange(JpegBytes.End);

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode([.. file], DecodeOptions.Default));

        Assert.Contains("scans", error.Message);
        Assert.InRange(error.Offset - begin, 0, 50 * scan);
    }

    [Fact]
    public void Decode_DataEndBeforeTheLastBlock_IsInvalid()
    {
        byte[] file = GoldenFiles.Encoded("baseline_444_33x17");
        byte[] cut = [.. file.AsSpan(0, file.Length - 40), .. JpegBytes.End];

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(cut, DecodeOptions.Default));

        Assert.Contains("end early", error.Message);
    }

    [Fact]
    public void Decode_ScanOfOneComponentMissing_IsInvalid()
    {
        byte[] file =
        [
            .. JpegBytes.Start, .. JpegBytes.FlatQuantization, .. JpegBytes.Frame(0xC0, 8, 8, 0x11, 0x11, 0x11),
            .. JpegBytes.OneCodeTable(0, 0), .. JpegBytes.OneCodeTable(1, 0), .. JpegBytes.Scan(0, 63, 0, 0, 1), 0, .. JpegBytes.End,
        ];

        InvalidImageException error = Assert.Throws<InvalidImageException>(() => JpegDecoder.Decode(file, DecodeOptions.Default));

        Assert.Contains("component 1", error.Message);
    }
}
