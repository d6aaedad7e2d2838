using FsCheck;
using FsCheck.Fluent;
using MLClassify.Imaging.Gif;

namespace MLClassify.Imaging.Tests.Gif;

public class GifDecoderTests
{
    private static readonly byte[] FourColors = [1, 2, 3, 10, 20, 30, 100, 110, 120, 200, 210, 220];
    private static readonly byte[] FourPixels = TestGif.Blocks(2, TestGif.Lzw([1, 2, 3, 1], 2));

    [Fact]
    public void Decode_RandomFrames_GivesTheirPixels() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => DecodesWhatWasEncoded(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20240501, 1));

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Decode_MoreStringsThanTheTableHolds_GivesThePixels(bool clearFirst, bool clearWhenFull)
    {
        var indices = new byte[120 * 100];
        var random = new Random(1);
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = (byte)random.Next(256);
        }

        byte[] data = TestGif.Blocks(8, TestGif.Lzw(indices, 8, clearFirst, clearWhenFull));

        Image image = Image.Decode([.. TestGif.Screen(120, 100), .. TestGif.Frame(0, 0, 120, 100, data)]);

        // Without a palette, an index is a gray.
        Assert.Equal(indices, image.Pixels.ToArray().Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Decode_LongRuns_GiveThePixels()
    {
        // Every code but the first is the one about to be defined.
        var indices = new byte[150 * 100];
        Array.Fill(indices, (byte)2);

        Image image = Image.Decode(
            [.. TestGif.Screen(150, 100, FourColors), .. TestGif.Frame(0, 0, 150, 100, TestGif.Blocks(2, TestGif.Lzw(indices, 2)))]);

        Assert.All(image.Pixels.ToArray().Chunk(3), rgb => Assert.Equal([100, 110, 120], rgb));
    }

    [Fact]
    public void Decode_OnlyTheFirstFrame_IsPainted()
    {
        byte[] second = TestGif.Frame(0, 0, 2, 2, TestGif.Blocks(2, TestGif.Lzw([0, 0, 0, 0], 2)));

        Image image = Image.Decode(
            [.. TestGif.Screen(2, 2, FourColors), .. TestGif.Frame(0, 0, 2, 2, FourPixels), .. second, TestGif.Trailer]);

        Assert.Equal([10, 20, 30, 100, 110, 120, 200, 210, 220, 10, 20, 30], image.Pixels.ToArray());
    }

    [Fact]
    public void Decode_ExtensionsAndStrayBytesBeforeTheFrame_AreSteppedOver()
    {
        byte[] comment = [0x21, 0xFE, 2, 65, 66, 1, 67, 0];
        byte[] empty = [0x21, 0xFE, 0];

        Image image = Image.Decode(
            [.. TestGif.Screen(2, 2, FourColors), .. comment, .. empty, 0, 0, .. TestGif.Frame(0, 0, 2, 2, FourPixels)]);

        Assert.Equal([10, 20, 30], image.Pixels[..3].ToArray());
    }

    [Theory]
    [InlineData(7, "the file ends 1 bytes into the screen's width, expected 2 bytes")]
    [InlineData(12, "the file ends 1 bytes into the screen's background and aspect ratio")]
    [InlineData(20, "the file ends 7 bytes into the global color table, expected 12 bytes")]
    [InlineData(25, "the file ends 0 bytes into the blocks before the first frame")]
    [InlineData(31, "the file ends 1 bytes into the frame's width")]
    [InlineData(34, "the file ends 0 bytes into the frame's flags")]
    [InlineData(35, "the file ends 0 bytes into the LZW code size")]
    [InlineData(36, "the first frame is 2 x 2 pixels; its 0 bytes of data cannot hold them")]
    [InlineData(38, "the image data ends after 1 of 4 pixels")]
    public void Decode_TruncatedFile_NamesWhatIsCut(int length, string expected)
    {
        byte[] file = [.. TestGif.Screen(2, 2, FourColors), .. TestGif.Frame(0, 0, 2, 2, FourPixels)];

        AssertInvalid(file[..length], expected);
    }

    [Fact]
    public void Decode_NoFrame_SaysSo() =>
        AssertInvalid([.. TestGif.Screen(2, 2, FourColors), TestGif.Trailer], "the file has no frame: the trailer comes first");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(255)]
    public void Decode_CodeSizeOutOfRange_IsRefused(int codeSize) =>
        AssertInvalid(
            [.. TestGif.Screen(2, 2), .. TestGif.Frame(0, 0, 2, 2, [(byte)codeSize, 1, 0, 0])],
            $"the LZW code size is {codeSize}, expected 2 to 8");

    [Fact]
    public void Decode_FrameWithoutPixels_IsRefused() =>
        AssertInvalid([.. TestGif.Screen(2, 2, FourColors), .. TestGif.Frame(0, 0, 0, 2, FourPixels)], "the first frame is 0 x 2 pixels");

    [Fact]
    public void Decode_EndCodeTooEarly_IsRefused() =>
        AssertInvalid(
            [.. TestGif.Screen(3, 2, FourColors), .. TestGif.Frame(0, 0, 3, 2, FourPixels)], "the image data ends after 4 of 6 pixels");

    [Theory]
    [InlineData(6, 3)] // First of all, a code that nothing has defined.
    [InlineData(7, 3)]
    public void Decode_UndefinedCode_IsRefused(int code, int bits)
    {
        var codes = new TestGif.CodeWriter();
        codes.Write(4, 3);
        codes.Write(code, bits);

        AssertInvalid(
            [.. TestGif.Screen(2, 2, FourColors), .. TestGif.Frame(0, 0, 2, 2, TestGif.Blocks(2, codes.ToArray()))],
            $"found LZW code {code}");
    }

    [Fact]
    public void Decode_CodeBeyondTheNext_IsRefused()
    {
        var codes = new TestGif.CodeWriter();
        codes.Write(4, 3);
        codes.Write(1, 3);
        codes.Write(7, 3);

        AssertInvalid(
            [.. TestGif.Screen(2, 2, FourColors), .. TestGif.Frame(0, 0, 2, 2, TestGif.Blocks(2, codes.ToArray()))],
            "found LZW code 7, expected at most 6");
    }

    [Fact]
    public void Decode_ShortGraphicControl_IsRefused() =>
        AssertInvalid([.. TestGif.Screen(2, 2, FourColors), 0x21, 0xF9, 1, 1, 0], "the graphic control extension has 1 bytes, expected 4");

    [Fact]
    public void Decode_HugeClaimWithoutData_IsRefusedBeforeAnythingIsAllocated()
    {
        byte[] frame = [.. TestGif.Screen(9000, 9000, FourColors), .. TestGif.Frame(0, 0, 9000, 9000, FourPixels)];
        byte[] screen = [.. TestGif.Screen(9000, 9000, FourColors), .. TestGif.Frame(0, 0, 2, 2, FourPixels)];
        byte[] overLimit = [.. TestGif.Screen(65535, 65535, FourColors), .. TestGif.Frame(0, 0, 2, 2, FourPixels)];

        Assert.Contains("cannot hold them", Hostile.RefusedCheaply<InvalidImageException>(frame), StringComparison.Ordinal);
        Assert.Contains(
            "the screen is 9000 x 9000 pixels, but the first frame only 2 x 2",
            Hostile.RefusedCheaply<InvalidImageException>(screen), StringComparison.Ordinal);
        Hostile.RefusedCheaply<UnsupportedImageException>(overLimit);
    }

    private static bool DecodesWhatWasEncoded(Random random)
    {
        int width = 1 + random.Next(30);
        int height = 1 + random.Next(30);
        int left = random.Next(6);
        int top = random.Next(6);
        int screenWidth = 1 + random.Next(40);
        int screenHeight = 1 + random.Next(40);
        int codeSize = 2 + random.Next(7);
        bool interlaced = random.Next(2) == 0;
        bool local = random.Next(2) == 0;
        int transparent = random.Next(3) == 0 ? random.Next(1 << codeSize) : -1;

        var palette = new byte[3 << codeSize];
        random.NextBytes(palette);
        var pixels = new byte[width * height];
        int colors = 1 + random.Next(1 << codeSize);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.Next(colors);
        }

        byte[] data = TestGif.Blocks(codeSize, TestGif.Lzw(FileOrder(pixels, width, interlaced), codeSize), 1 + random.Next(255));
        Image image = Image.Decode(
        [
            .. TestGif.Screen(screenWidth, screenHeight, local ? [9, 9, 9, 8, 8, 8] : palette),
            .. transparent < 0 ? [] : TestGif.Transparent((byte)transparent),
            .. TestGif.Frame(left, top, width, height, data, local ? palette : null, interlaced), TestGif.Trailer,
        ]);

        bool same = image.Width == Math.Max(screenWidth, left + width) && image.Height == Math.Max(screenHeight, top + height);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                bool inside = x >= left && x < left + width && y >= top && y < top + height;
                int index = inside ? pixels[((y - top) * width) + x - left] : Math.Max(transparent, 0);
                same &= image.Row(y).Slice(x * 3, 3).SequenceEqual(palette.AsSpan(index * 3, 3));
            }
        }

        return same;
    }

    // GIF89a appendix E: every eighth row, every eighth from the fourth, every fourth from the second, every second from the first.
    private static byte[] FileOrder(byte[] pixels, int width, bool interlaced)
    {
        byte[][] rows = pixels.Chunk(width).ToArray();
        if (!interlaced)
        {
            return pixels;
        }

        return rows
            .Select((row, y) => (Row: row, Pass: y % 8 == 0 ? 1 : y % 8 == 4 ? 2 : y % 4 == 2 ? 3 : 4))
            .OrderBy(r => r.Pass)
            .SelectMany(r => r.Row)
            .ToArray();
    }

    private static void AssertInvalid(byte[] file, string expected)
    {
        var error = Assert.Throws<InvalidImageException>(() => GifDecoder.Decode(file, DecodeOptions.Default));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("GIF at byte ", error.Message, StringComparison.Ordinal);
    }
}
