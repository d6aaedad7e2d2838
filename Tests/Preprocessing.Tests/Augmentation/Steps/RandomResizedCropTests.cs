using MLClassify.Common;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomResizedCropTests
{
    [Fact]
    public void Apply_ManyDraws_StaysWithinScaleAndRatio()
    {
        var crop = new RandomResizedCrop(0.25, 0.5, 0.75, 1.25);
        const int Width = 400;
        const int Height = 300;
        for (int i = 0; i < 2000; i++)
        {
            var random = new CounterRandom(7, 0, i);
            PixelRectangle region = crop.Apply(default, Width, Height, ref random).Region!.Value;

            Assert.True(region.FitsIn(Width, Height));

            // Sides are rounded: each is off by at most one half of at least 150 pixels.
            double area = (double)region.Width * region.Height / (Width * Height);
            Assert.InRange(area, 0.25 * 0.99, 0.5 * 1.01);
            Assert.InRange((double)region.Width / region.Height, 0.75 * 0.99, 1.25 * 1.01);
        }
    }

    [Fact]
    public void Apply_ManyDraws_ReachesEveryCorner()
    {
        var crop = new RandomResizedCrop();
        int left = int.MaxValue;
        int top = int.MaxValue;
        int right = 0;
        int bottom = 0;
        for (int i = 0; i < 2000; i++)
        {
            var random = new CounterRandom(8, 0, i);
            PixelRectangle region = crop.Apply(default, 100, 100, ref random).Region!.Value;
            left = Math.Min(left, region.X);
            top = Math.Min(top, region.Y);
            right = Math.Max(right, region.X + region.Width);
            bottom = Math.Max(bottom, region.Y + region.Height);
        }

        Assert.Equal((0, 0, 100, 100), (left, top, right, bottom));
    }

    // In torchvision's fallback the side within reach is kept and the other cut to the nearest ratio.
    [Theory]
    [InlineData(1000, 10, 493, 0, 13, 10)]
    [InlineData(10, 1000, 0, 493, 10, 13)]
    [InlineData(1, 100_000, 0, 49_999, 1, 1)]
    [InlineData(100_000, 1, 49_999, 0, 1, 1)]
    public void Apply_ExtremeProportions_FallsBackToTheCenter(int width, int height, int x, int y, int w, int h)
    {
        var random = new CounterRandom(1);

        ImageView view = new RandomResizedCrop(0.9, 1).Apply(default, width, height, ref random);

        Assert.Equal(new PixelRectangle(x, y, w, h), view.Region);
    }

    [Fact]
    public void Apply_OnePixel_IsThatPixel()
    {
        var random = new CounterRandom(1);

        Assert.Equal(new PixelRectangle(0, 0, 1, 1), new RandomResizedCrop().Apply(default, 1, 1, ref random).Region);
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(0.5, 0.4, 1, 1)]
    [InlineData(0.5, 1.1, 1, 1)]
    [InlineData(0.5, 1, 0, 1)]
    [InlineData(0.5, 1, 2, 1)]
    [InlineData(double.NaN, 1, 1, 1)]
    [InlineData(0.5, 1, 1, double.PositiveInfinity)]
    public void RandomResizedCrop_BadRange_Throws(double minScale, double maxScale, double minRatio, double maxRatio) =>
        Assert.Throws<ArgumentException>(() => new RandomResizedCrop(minScale, maxScale, minRatio, maxRatio));
}
