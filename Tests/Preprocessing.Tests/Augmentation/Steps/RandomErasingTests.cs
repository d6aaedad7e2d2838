using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomErasingTests
{
    private const int Width = 60;
    private const int Height = 50;

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void Apply_ManyDraws_ErasesTheGivenShare(double probability)
    {
        byte[] image = AugmentationRuns.Flat(Width, Height);
        int erased = Enumerable.Range(0, 1000)
            .Count(i => !AugmentationRuns.Run(new RandomErasing(probability), image, Width, Height, i).AsSpan().SequenceEqual(image));

        // Five standard deviations, zero at the ends.
        double tolerance = 5 * Math.Sqrt(1000 * probability * (1 - probability));
        Assert.InRange(erased, (1000 * probability) - tolerance, (1000 * probability) + tolerance);
    }

    [Fact]
    public void Apply_ManyDraws_ErasesOneRectangleWithinScaleAndRatio()
    {
        byte[] image = AugmentationRuns.Flat(Width, Height);
        for (int i = 0; i < 500; i++)
        {
            byte[] result = AugmentationRuns.Run(new RandomErasing(1, 0.1, 0.3, 0.5, 2), image, Width, Height, i);
            int[] erased = [.. Enumerable.Range(0, Width * Height).Where(p => result[3 * p] == 124)];
            int width = erased.Max(p => p % Width) - erased.Min(p => p % Width) + 1;
            int height = erased.Max(p => p / Width) - erased.Min(p => p / Width) + 1;

            Assert.Equal(width * height, erased.Length);

            // Sides are rounded: each is off by at most one half of at least 12 pixels.
            Assert.InRange(erased.Length / (double)(Width * Height), 0.1 * 0.92, 0.3 * 1.08);
            Assert.InRange((double)height / width, 0.5 * 0.92, 2 * 1.08);
        }
    }

    [Theory]
    [InlineData(ErasingValue.Mean)]
    [InlineData(ErasingValue.Black)]
    [InlineData(ErasingValue.Noise)]
    public void Apply_Value_FillsTheRectangle(ErasingValue value)
    {
        byte[] image = AugmentationRuns.Flat(Width, Height, 255);
        byte[] result = AugmentationRuns.Run(new RandomErasing(1, 0.2, 0.3, 1, 1, value), image, Width, Height, 1);
        byte[] erased = [.. result.Where(v => v != 255)];

        Assert.InRange(erased.Length, 3 * 0.18 * Width * Height, 3 * 0.32 * Width * Height);
        Assert.InRange(erased.Distinct().Count(), value == ErasingValue.Noise ? 200 : 1, value switch { ErasingValue.Noise => 255, ErasingValue.Mean => 3, _ => 1 });
    }

    // Only a rectangle that is smaller along both sides is taken; there is none.
    [Fact]
    public void Apply_TinyImage_KeepsIt()
    {
        byte[] image = AugmentationRuns.Flat(1, 1);

        Assert.Equal(image, AugmentationRuns.Run(new RandomErasing(1, 1, 1), image, 1, 1, 1));
    }

    [Theory]
    [InlineData(1.1, 0.1, 0.2, 1, 1)]
    [InlineData(1, 0, 0.2, 1, 1)]
    [InlineData(1, 0.3, 0.2, 1, 1)]
    [InlineData(1, 0.1, 1.2, 1, 1)]
    [InlineData(1, 0.1, 0.2, 0, 1)]
    [InlineData(1, 0.1, 0.2, 2, 1)]
    [InlineData(1, 0.1, 0.2, 1, double.PositiveInfinity)]
    public void RandomErasing_OutOfRange_Throws(double probability, double minScale, double maxScale, double minRatio, double maxRatio) =>
        Assert.ThrowsAny<ArgumentException>(() => new RandomErasing(probability, minScale, maxScale, minRatio, maxRatio));
}
