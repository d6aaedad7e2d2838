using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomTranslationTests
{
    [Fact]
    public void Apply_ManyDraws_SpreadsEvenlyAboutTheCenter()
    {
        const int Size = 40;
        const int Draws = 1000;
        byte[] image = AugmentationRuns.Square(Size, 8);
        double sumX = 0;
        double sumY = 0;
        double furthest = 0;
        for (int i = 0; i < Draws; i++)
        {
            (double x, double y) = AugmentationRuns.Centroid(
                AugmentationRuns.Run(new RandomTranslation(0.2, FillColor.Black), image, Size, Size, i), Size);
            sumX += x - 20;
            sumY += y - 20;
            furthest = Math.Max(furthest, Math.Max(Math.Abs(x - 20), Math.Abs(y - 20)));
        }

        // Even over -8..8: a deviation of 4.62, that of the mean 0.146.
        Assert.InRange(sumX / Draws, -0.6, 0.6);
        Assert.InRange(sumY / Draws, -0.6, 0.6);
        Assert.InRange(furthest, 7.9, 8.01);
    }

    [Fact]
    public void Apply_WholeImage_MayLeaveTheFrame()
    {
        byte[] image = AugmentationRuns.Flat(6, 5);
        for (int i = 0; i < 100; i++)
        {
            byte[] result = AugmentationRuns.Run(new RandomTranslation(1), image, 6, 5, i);
            for (int p = 0; p < result.Length; p += 3)
            {
                Assert.True((result[p], result[p + 1], result[p + 2]) is (100, 100, 100) or (124, 116, 104));
            }
        }
    }

    [Fact]
    public void Apply_NoShare_ChangesNothing()
    {
        byte[] image = TestImages.Noise(19, 14).Pixels.ToArray();

        Assert.Equal(image, AugmentationRuns.Run(new RandomTranslation(0), image, 19, 14, 1));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void RandomTranslation_OutOfRange_Throws(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => new RandomTranslation(share));
}
