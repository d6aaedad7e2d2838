using MLClassify.Imaging.Resizing;

namespace MLClassify.Imaging.Tests.Resizing;

public class ImageCropperTests
{
    [Fact]
    public void Crop_Region_CopiesItsPixels()
    {
        Image image = TestImages.Noise(9, 7);

        Image result = ImageCropper.Crop(image, new PixelRectangle(2, 3, 4, 2));

        Assert.Equal((4, 2), (result.Width, result.Height));
        Assert.Equal(image.Row(3).Slice(6, 12).ToArray(), result.Row(0).ToArray());
        Assert.Equal(image.Row(4).Slice(6, 12).ToArray(), result.Row(1).ToArray());
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(-1, 0, 3, 3)]
    [InlineData(0, 5, 3, 3)]
    [InlineData(int.MaxValue, 0, int.MaxValue, 1)]
    public void Crop_RegionOutside_Throws(int x, int y, int width, int height) =>
        Assert.Throws<ArgumentException>(() => ImageCropper.Crop(TestImages.Noise(9, 7), new PixelRectangle(x, y, width, height)));

    // Python: int(round((size - window) / 2.0)), halves to even.
    [Theory]
    [InlineData(256, 224, 16)]
    [InlineData(10, 9, 0)]
    [InlineData(12, 9, 2)]
    [InlineData(14, 9, 2)]
    [InlineData(16, 9, 4)]
    [InlineData(7, 8, 0)]
    [InlineData(5, 8, -2)]
    [InlineData(3, 8, -2)]
    [InlineData(1, 8, -4)]
    public void CenterOffset_Slack_IsHalfRoundedToEven(long size, long window, long expected) =>
        Assert.Equal(expected, ImageCropper.CenterOffset(size, window));
}
