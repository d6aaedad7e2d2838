using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomRotationTests
{
    // A square about the center keeps its center at any angle; a shift by half a pixel would move it by 0.5.
    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    public void Apply_ManyDraws_MovesTheCenterNowhere(int size)
    {
        byte[] image = AugmentationRuns.Square(size, size % 2 == 0 ? 8 : 9);
        for (int i = 0; i < 100; i++)
        {
            (double x, double y) = AugmentationRuns.Centroid(
                AugmentationRuns.Run(new RandomRotation(180, FillColor.Black), image, size, size, i), size);

            // Symmetric about the center but for rounding to bytes and to weights of 1/2048.
            Assert.InRange(x, (size / 2.0) - 0.01, (size / 2.0) + 0.01);
            Assert.InRange(y, (size / 2.0) - 0.01, (size / 2.0) + 0.01);
        }
    }

    [Fact]
    public void Apply_GrayImage_HasOnlyGrayAndTheFill()
    {
        byte[] image = AugmentationRuns.Flat(20, 16);
        for (int i = 0; i < 50; i++)
        {
            byte[] result = AugmentationRuns.Run(new RandomRotation(90), image, 20, 16, i);
            for (int p = 0; p < result.Length; p += 3)
            {
                Assert.True((result[p], result[p + 1], result[p + 2]) is (100, 100, 100) or (124, 116, 104));
            }
        }
    }

    [Fact]
    public void Apply_NoAngle_ChangesNothing()
    {
        byte[] image = TestImages.Noise(19, 14).Pixels.ToArray();

        Assert.Equal(image, AugmentationRuns.Run(new RandomRotation(0), image, 19, 14, 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(180.5)]
    [InlineData(double.NaN)]
    public void RandomRotation_OutOfRange_Throws(double degrees)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(degrees));

        Assert.Contains("0 to 180", error.Message, StringComparison.Ordinal);
    }
}
