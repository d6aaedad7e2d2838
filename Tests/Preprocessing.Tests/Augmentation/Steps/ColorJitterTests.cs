using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class ColorJitterTests
{
    [Fact]
    public void Apply_NoStrength_ChangesNothing()
    {
        byte[] picture = TestImages.Noise(19, 14).Pixels.ToArray();

        Assert.Equal(picture, AugmentationRuns.Run(new ColorJitter(0, 0, 0, 0), picture, 19, 14, 1));
    }

    [Fact]
    public void Apply_Brightness_StaysWithinItsFactors()
    {
        byte[] picture = AugmentationRuns.Flat(4, 4);
        byte[] results = [.. Enumerable.Range(0, 500).Select(i => AugmentationRuns.Run(new ColorJitter(0.4, 0, 0, 0), picture, 4, 4, i)[0])];

        Assert.InRange(results.Min(), 60, 61);
        Assert.InRange(results.Max(), 139, 140);

        // Even over 60..140: a deviation of 23, that of the mean 1.
        Assert.InRange(results.Average(v => v), 95, 105);
    }

    // A gray image has no saturation and no hue, and is its own mean.
    [Fact]
    public void Apply_GrayPicture_KeepsItBesideBrightness()
    {
        byte[] picture = AugmentationRuns.Flat(4, 4);

        Assert.Equal(picture, AugmentationRuns.Run(new ColorJitter(0, 1, 1, 0.5), picture, 4, 4, 7));
    }

    // Saturating values: nothing may wrap around.
    [Fact]
    public void Apply_LargestStrengths_KeepExtremesExtreme()
    {
        byte[] picture = [0, 0, 0, 255, 255, 255];
        for (int i = 0; i < 300; i++)
        {
            byte[] result = AugmentationRuns.Run(new ColorJitter(0, ColorJitter.MaxStrength, ColorJitter.MaxStrength, 0.5), picture, 2, 1, i);
            Assert.True(result[0] <= result[3], $"draw {i}");
        }
    }

    [Fact]
    public void Apply_ManyDraws_UsesBothOrders()
    {
        byte[] picture = [10, 10, 10, 250, 250, 250];
        bool[] seen = new bool[2];
        for (int i = 0; i < 40; i++)
        {
            byte[] found = AugmentationRuns.Run(new ColorJitter(0.9, 0.9, 0, 0), picture, 2, 1, i);
            byte[][] orders = [Replay(picture, i, brightnessFirst: true), Replay(picture, i, brightnessFirst: false)];
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

    private static byte[] Replay(byte[] picture, int draw, bool brightnessFirst)
    {
        var random = new CounterRandom(11, 3, draw);
        random.Shuffle<int>(new int[4]);
        double brightness = random.NextDouble(0.1, 1.9);
        double contrast = random.NextDouble(0.1, 1.9);
        byte[] result = [.. picture];
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
