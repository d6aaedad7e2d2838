namespace MLClassify.Imaging.Tests.Png;

public class PngOrientationTests
{
    // Two pixels side by side, 10 and 200.
    private static readonly byte[] Row = [0, 10, 200];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_QuarterTurnInExif_TurnsUpright(bool beforeData)
    {
        byte[] file = Build(Exif(6), beforeData);
        Image image = Image.Decode(file);
        Assert.Equal((1, 2), (image.Width, image.Height));
        Assert.Equal(10, image.Row(0)[0]);
        Assert.Equal(200, image.Row(1)[0]);
    }

    [Fact]
    public void Decode_OrientationNotWanted_LeavesItAsStored()
    {
        Image image = Image.Decode(Build(Exif(6), true), new DecodeOptions { ApplyOrientation = false });
        Assert.Equal((2, 1), (image.Width, image.Height));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Decode_ImpossibleOrientation_LeavesItAsStored(byte orientation) => Assert.Equal(2, Image.Decode(Build(Exif(orientation), true)).Width);

    [Fact]
    public void Decode_ExifCutShort_LeavesItAsStored() => Assert.Equal(2, Image.Decode(Build(Exif(6)[..12], true)).Width);

    [Fact]
    public void Decode_LyingChunkAfterData_LeavesItAsStored()
    {
        byte[] lying = [0x7F, 0xFF, 0xFF, 0xFF, (byte)'e', (byte)'X', (byte)'I', (byte)'f', 0, 0, 0, 0];
        byte[] file = [.. Build([], true), .. lying];
        Assert.Equal(2, Image.Decode(file).Width);
    }

    private static byte[] Build(byte[] exif, bool beforeData)
    {
        byte[] header = TestPng.Chunk("IHDR", TestPng.Header(2, 1, 8, 0, false));
        byte[] data = TestPng.Chunk("IDAT", TestPng.Deflate(Row));
        byte[] notes = TestPng.Chunk("eXIf", exif);
        byte[] end = TestPng.Chunk("IEND");
        return beforeData ? TestPng.File(header, notes, data, end) : TestPng.File(header, data, notes, end);
    }

    // A big-endian TIFF block with one entry: tag 0x0112, SHORT, one value.
    private static byte[] Exif(byte orientation) =>
        [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}
