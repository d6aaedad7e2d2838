using System.Globalization;
using System.Security.Cryptography;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Imaging.Tests.Resizing;

public class ImageResizerTests
{
    public static TheoryData<string> Golden() => new(new GoldenFolder("Imaging.Tests/Resizing/Golden").Lines("resize_golden.csv").Skip(1));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Resize_GoldenCase_IsPillowsBitForBit(string line)
    {
        string[] fields = line.Split(',');
        int[] n = [.. fields.Take(8).Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
        var interpolation = Enum.Parse<Interpolation>(fields[8], ignoreCase: true);
        Image image = TestImages.Noise(n[0], n[1]);
        byte[] result = new byte[n[6] * n[7] * 3];

        ImageResizer.Resize(image, Request(new PixelRectangle(n[2], n[3], n[4], n[5]), n[6], n[7], interpolation), result);

        Assert.Equal(fields[9], Convert.ToHexStringLower(SHA256.HashData(result)));
    }

    [Theory]
    [InlineData(Interpolation.Nearest)]
    [InlineData(Interpolation.Bilinear)]
    [InlineData(Interpolation.Bicubic)]
    public void Resize_Region_IsCropThenResize(Interpolation interpolation)
    {
        Image image = TestImages.Noise(53, 47);
        var region = new PixelRectangle(7, 9, 30, 21);
        byte[] fused = new byte[16 * 19 * 3];

        ImageResizer.Resize(image, Request(region, 16, 19, interpolation), fused);

        Image twoSteps = ImageResizer.Resize(ImageCropper.Crop(image, region), 16, 19, interpolation);
        Assert.Equal(twoSteps.Pixels.ToArray(), fused);
    }

    [Theory]
    [InlineData(Interpolation.Nearest, 53, 47)]
    [InlineData(Interpolation.Bilinear, 53, 47)]
    [InlineData(Interpolation.Bilinear, 40, 47)]
    [InlineData(Interpolation.Bilinear, 53, 20)]
    [InlineData(Interpolation.Bicubic, 20, 90)]
    [InlineData(Interpolation.Bicubic, 53, 47)]
    public void Resize_Window_IsResizeThenCrop(Interpolation interpolation, int width, int height)
    {
        Image image = TestImages.Noise(53, 47);
        var window = new PixelRectangle(3, 5, 15, 13);
        var request = Request(PixelRectangle.Whole(image), width, height, interpolation) with
        {
            Left = window.X,
            Top = window.Y,
            WindowWidth = window.Width,
            WindowHeight = window.Height,
        };
        byte[] result = new byte[window.Width * window.Height * 3];

        ImageResizer.Resize(image, request, result);

        Image whole = ImageResizer.Resize(image, width, height, interpolation);
        Assert.Equal(ImageCropper.Crop(whole, window).Pixels.ToArray(), result);
    }

    [Theory]
    [InlineData(1, 3_000_000)]
    [InlineData(3_000_000, 1)]
    public void Resize_ExtremeRatioStretched_AveragesInBoundedMemory(int width, int height)
    {
        var image = new Image(width, height);
        image.Pixels.Fill(77);

        Image result = ImageResizer.Resize(image, 64, 64);

        Assert.All(result.Pixels.ToArray(), value => Assert.Equal(77, value));
    }

    [Fact]
    public void Resize_WindowOfAstronomicSize_ComputesOnlyTheWindow()
    {
        Image image = TestImages.Noise(1, 100_000);
        var request = new ResizeRequest
        {
            Source = PixelRectangle.Whole(image),
            Width = 4096,
            Height = 409_600_000,
            Left = 2000,
            Top = 204_800_000,
            WindowWidth = 16,
            WindowHeight = 16,
        };
        byte[] result = new byte[16 * 16 * 3];

        ImageResizer.Resize(image, request, result);

        // Row 204,800,000 of 409,600,000 lies just below the boundary of the rows 49,999 and 50,000: about half of each.
        ReadOnlySpan<byte> above = image.Row(49_999);
        ReadOnlySpan<byte> below = image.Row(50_000);
        for (int c = 0; c < 3; c++)
        {
            Assert.InRange(result[c], ((above[c] + below[c]) / 2.0) - 1, ((above[c] + below[c]) / 2.0) + 1);
        }
    }

    [Fact]
    public void Resize_RegionOutside_ThrowsWithTheRegion()
    {
        Image image = TestImages.Noise(10, 10);
        var request = Request(new PixelRectangle(5, 5, 6, 5), 4, 4, Interpolation.Bilinear);

        var error = Assert.Throws<ArgumentException>(() => ImageResizer.Resize(image, request, new byte[48]));

        Assert.Contains("10 x 10", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(long.MaxValue, 0)]
    public void Resize_WindowOutside_Throws(long left, long top)
    {
        Image image = TestImages.Noise(10, 10);
        var request = Request(PixelRectangle.Whole(image), 4, 4, Interpolation.Bilinear) with { Left = left, Top = top };

        Assert.Throws<ArgumentException>(() => ImageResizer.Resize(image, request, new byte[48]));
    }

    [Fact]
    public void Resize_DestinationOfOtherLength_Throws()
    {
        Image image = TestImages.Noise(10, 10);
        var request = Request(PixelRectangle.Whole(image), 4, 4, Interpolation.Bilinear);

        Assert.Throws<ArgumentException>(() => ImageResizer.Resize(image, request, new byte[47]));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Resize_ImpossibleSize_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResizer.Resize(TestImages.Noise(3, 3), width, height));

    private static ResizeRequest Request(PixelRectangle source, int width, int height, Interpolation interpolation) => new()
    {
        Source = source,
        Width = width,
        Height = height,
        WindowWidth = width,
        WindowHeight = height,
        Interpolation = interpolation,
    };
}
