using MLClassify.Imaging.Resizing;

namespace MLClassify.Imaging.Tests.Resizing;

public class ImageFlipperTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    [InlineData(8, 2)]
    public void FlipHorizontally_Image_MirrorsEveryRow(int width, int height)
    {
        Image image = TestImages.Noise(width, height);
        byte[] pixels = image.Pixels.ToArray();

        ImageFlipper.FlipHorizontally(pixels, width);

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Assert.Equal(
                    image.Row(y).Slice(3 * (width - 1 - x), 3).ToArray(),
                    pixels.AsSpan(3 * ((y * width) + x), 3).ToArray());
            }
        }
    }

    [Fact]
    public void FlipHorizontally_IncompleteRow_Throws() =>
        Assert.Throws<ArgumentException>(() => ImageFlipper.FlipHorizontally(new byte[10], 3));
}
