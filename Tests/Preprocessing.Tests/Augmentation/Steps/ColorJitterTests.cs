using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class ColorJitterTests
{
    [Fact]
    public void Apply_NoStrength_ChangesNothing()
    {
        byte[] image = TestImages.Noise(19, 14).Pixels.ToArray();

        Assert.Equal(image, AugmentationRuns.Run(new ColorJitter(0, 0, 0, 0), image, 19, 14, 1));
    }

    [Fact]
    public void Apply_Brightness_StaysWithinItsFactors()
    {
        byte[] image = AugmentationRuns.Flat(4, 4);
        byte[] results = [.. Enumerable.Range(0, 500).Select(i => AugmentationRuns.Run(new ColorJitter(0.4, 0, 0, 0), image, 4, 4, i)[0])];

        Assert.InRange(results.Min(), 60, 61);
        Assert.InRange(results.Max(), 139, 140);

        // Even over 60..140: a deviation of 23, that of the mean 1.
        Assert.InRange(results.Average(v => v), 95, 105);
    }

    // A gray image has no saturation and no hue, and is its own mean.
    [Fact]
    public void Apply_GrayImage_KeepsItBesideBrightness()
    {
        byte[] image = AugmentationRuns.Flat(4, 4);

        Assert.Equal(image, AugmentationRuns.Run(new ColorJitter(0, 1, 1, 0.5), image, 4, 4, 7));
    }

    // Saturating values: nothing may wrap around.
    [Fact]
    public void Apply_LargestStrengths_KeepExtremesExtreme()
    {
        byte[] image = [0, 0, 0, 255, 255, 255];
        for (int i = 0; i < 300; i++)
        {
            byte[] result = AugmentationRuns.Run(new ColorJitter(0, ColorJitter.MaxStrength, ColorJitter.MaxStrength, 0.5), image, 2, 1, i);
            Assert.True(result[0] <= result[3], $"draw {i}");
        }
    }

    [Fact]
    public void Apply_ManyDraws_UsesBothOrders()
    {
        byte[] image = [10, 10, 10, 250, 250, 250];
        bool[] seen = new bool[2];
        for (int i = 0; i < 40; i++)
        {
            byte[] found = AugmentationRuns.Run(new ColorJitter(0.9, 0.9, 0, 0), image, 2, 1, i);
            byte[][] orders = [Replay(image, i, brightnessFirst: true), Replay(image, i, brightnessFirst: false)];
            Assert.Contains(found, orders);
            if (!orders[0].SequenceEqual(orders[1]))
            {
                seen[found.SequenceEqual(orders[0]) ? 0 : 1] = true;
            }
        }

        Assert.Equal([true, true], seen);
    }

    [Theory]
    [InlineData(-0.1, 0, 0, 0)]
    [InlineData(0, 10.1, 0, 0)]
    [InlineData(0, 0, double.NaN, 0)]
    [InlineData(0, 0, 0, 0.51)]
    public void ColorJitter_OutOfRange_Throws(double brightness, double contrast, double saturation, double hue) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(brightness, contrast, saturation, hue));

    private static byte[] Replay(byte[] image, int draw, bool brightnessFirst)
    {
        var random = new CounterRandom(11, 3, draw);
        random.Shuffle<int>(new int[4]);
        double brightness = random.NextDouble(0.1, 1.9);
        double contrast = random.NextDouble(0.1, 1.9);
        byte[] result = [.. image];
        if (brightnessFirst)
        {
            ColorOperations.AdjustBrightness(result, brightness);
        }

        ColorOperations.AdjustContrast(result, contrast);
        if (!brightnessFirst)
        {
            ColorOperations.AdjustBrightness(result, brightness);
        }

        return result;
    }
}
