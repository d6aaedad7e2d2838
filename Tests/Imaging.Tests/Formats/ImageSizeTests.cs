namespace MLClassify.Imaging.Tests;

public class ImageSizeTests
{
    [Theory]
    [InlineData(10, 10, 100)]
    [InlineData(1, 1, 1)]
    [InlineData(100_000_000, 1, 100_000_000)]
    public void Check_WithinTheLimit_Passes(long width, long height, long limit) =>
        SizeLimit.Check("X", width, height, new DecodeOptions { MaxPixels = limit }, 4);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-1, 5)]
    public void Check_NoPixels_IsInvalid(long width, long height)
    {
        var error = Assert.Throws<InvalidImageException>(() => SizeLimit.Check("X", width, height, DecodeOptions.Default, 4));

        Assert.Equal($"X at byte 4: the image is {width} x {height} pixels; both sides must be at least 1", error.Message);
    }

    [Theory]
    [InlineData(11, 10, 100)]
    [InlineData(uint.MaxValue, uint.MaxValue, 100_000_000)]
    [InlineData(long.MaxValue, 2, long.MaxValue)]
    [InlineData(30_000, 30_000, long.MaxValue)] // 2.7 billion bytes: more than an array holds.
    public void Check_PastTheLimit_IsUnsupported(long width, long height, long limit)
    {
        var error = Assert.Throws<UnsupportedImageException>(
            () => SizeLimit.Check("X", width, height, new DecodeOptions { MaxPixels = limit }, 4));

        Assert.Contains($"{width} x {height} pixels, more than the limit of", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTooLarge);
    }
}
