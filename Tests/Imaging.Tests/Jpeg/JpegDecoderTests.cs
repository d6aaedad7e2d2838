using MLClassify.Imaging.Jpeg;

namespace MLClassify.Imaging.Tests.Jpeg;

public class JpegDecoderTests
{
    public static TheoryData<string> GoldenNames => new(GoldenFiles.Names);

    [Theory]
    [MemberData(nameof(GoldenNames))]
    public void Decode_GoldenFile_EqualsLibjpegTurbo(string name)
    {
        Image image = JpegDecoder.Decode(GoldenFiles.Encoded(name), DecodeOptions.Default);

        AssertEqual(GoldenFiles.Expected(name), image);
    }

    [Fact]
    public void GoldenFiles_Folder_HoldsEveryKind()
    {
        Assert.Equal(47, GoldenFiles.Names.Count());
    }

    [Fact]
    public void Decode_OrientationNotApplied_KeepsStoredSides()
    {
        DecodeOptions options = new() { ApplyOrientation = false };

        Image image = JpegDecoder.Decode(GoldenFiles.Encoded("orientation6_7x11"), options);

        AssertEqual(GoldenFiles.Expected("orientation1_11x7"), image);
    }

    [Fact]
    public void Decode_NoHuffmanTables_TakesTheStandardOnes()
    {
        byte[] stripped = JpegBytes.Without(GoldenFiles.Encoded("baseline_420_33x17"), 0xC4);

        AssertEqual(GoldenFiles.Expected("baseline_420_33x17"), JpegDecoder.Decode(stripped, DecodeOptions.Default));
    }

    [Fact]
    public void Decode_FillAndForeignBytesBeforeMarkers_AreSkipped()
    {
        byte[] file = GoldenFiles.Encoded("baseline_444_33x17");
        file = JpegBytes.Insert(file, JpegBytes.IndexOf(file, 0xD9), 0xFF, 0xFF, 0xFF);
        file = JpegBytes.Insert(file, JpegBytes.IndexOf(file, 0xDA), 0xFF, 0xFF, 0xFF);
        file = JpegBytes.Insert(file, JpegBytes.IndexOf(file, 0xC0), 1, 2, 3);

        AssertEqual(GoldenFiles.Expected("baseline_444_33x17"), JpegDecoder.Decode(file, DecodeOptions.Default));
    }

    [Fact]
    public void Decode_HeightInDnlSegment_IsUsed()
    {
        byte[] file = GoldenFiles.Encoded("baseline_422_33x17");
        int frame = JpegBytes.IndexOf(file, 0xC0);
        file[frame + 5] = 0;
        file[frame + 6] = 0;
        file = JpegBytes.Insert(file, JpegBytes.IndexOf(file, 0xD9), JpegBytes.Segment(0xDC, 0, 17));

        AssertEqual(GoldenFiles.Expected("baseline_422_33x17"), JpegDecoder.Decode(file, DecodeOptions.Default));
    }

    [Theory]
    [InlineData(0x33, 0x22, 0x11)]
    [InlineData(0x32, 0x23, 0x11)]
    [InlineData(0x11, 0x34, 0x43)]
    [InlineData(0x44, 0x31, 0x13)]
    public void Decode_FractionalSampling_KeepsFlatColor(byte first, byte second, byte third)
    {
        Image image = JpegDecoder.Decode(JpegBytes.Gray(45, 37, first, second, third), DecodeOptions.Default);

        Assert.Equal((45, 37), (image.Width, image.Height));
        Assert.False(image.Pixels.ContainsAnyExcept((byte)128));
    }

    [Fact]
    public void Decode_DamagedRestartInterval_LeavesTheOthersIntact()
    {
        byte[] file = GoldenFiles.Encoded("restart_444_33x17");
        Image expected = GoldenFiles.Expected("restart_444_33x17");
        int second = JpegBytes.IndexOf(file, 0xD0) + 2;
        int third = JpegBytes.IndexOf(file, 0xD1);
        file.AsSpan(second, third - second).Fill(0xFE);

        Image image = JpegDecoder.Decode(file, DecodeOptions.Default);

        // Five MCUs of 8 x 8 pixels in a row, two in an interval: the damage lies in columns 16 to 31 of the first eight rows.
        for (int y = 0; y < 17; y++)
        {
            int intact = y < 8 ? 16 * 3 : 33 * 3;
            Assert.True(expected.Row(y)[..intact].SequenceEqual(image.Row(y)[..intact]), $"row {y}");
        }

        Assert.False(expected.Row(4).SequenceEqual(image.Row(4)));
    }

    [Fact]
    public void Decode_MissingRestartInterval_ResumesAtTheNextMarker()
    {
        byte[] file = GoldenFiles.Encoded("restart_444_33x17");
        Image expected = GoldenFiles.Expected("restart_444_33x17");
        int second = JpegBytes.IndexOf(file, 0xD0);
        int third = JpegBytes.IndexOf(file, 0xD1);

        Image image = JpegDecoder.Decode([.. file.AsSpan(0, second), .. file.AsSpan(third)], DecodeOptions.Default);

        Assert.True(expected.Row(12).SequenceEqual(image.Row(12)));
        Assert.Equal(128, image.Row(4)[20 * 3]);
    }

    [Fact]
    public void Decode_ParallelCallers_GetEqualPixels()
    {
        string[] names = [.. GoldenFiles.Names];

        Parallel.For(0, 200, i =>
        {
            string name = names[i % names.Length];
            AssertEqual(GoldenFiles.Expected(name), JpegDecoder.Decode(GoldenFiles.Encoded(name), DecodeOptions.Default));
        });
    }

    private static void AssertEqual(Image expected, Image actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        int different = expected.Pixels.CommonPrefixLength(actual.Pixels);
        Assert.True(different == expected.Pixels.Length, $"first difference in byte {different} of {expected.Pixels.Length}");
    }
}
