using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class PadCropTests
{
    [Fact]
    public void Apply_ManyDraws_GivesEachShiftAndNothingElse()
    {
        byte[] image = TestImages.Noise(8, 8).Pixels.ToArray();
        var shifts = new Dictionary<string, (int X, int Y)>();
        for (int y = -1; y <= 1; y++)
        {
            for (int x = -1; x <= 1; x++)
            {
                byte[] shifted = [.. image];
                PixelShift.Apply(shifted, 8, 8, x, y, default);
                shifts.Add(Convert.ToHexString(shifted), (x, y));
            }
        }

        var counts = new Dictionary<(int, int), int>();
        for (int i = 0; i < 900; i++)
        {
            (int, int) shift = shifts[Convert.ToHexString(AugmentationRuns.Run(new PadCrop(1), image, 8, 8, i))];
            counts[shift] = counts.GetValueOrDefault(shift) + 1;
        }

        // Each is expected 100 times, with a deviation of 9.4.
        Assert.Equal(9, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 53, 147));
    }

    [Fact]
    public void Apply_NoPadding_ChangesNothing()
    {
        byte[] image = TestImages.Noise(8, 5).Pixels.ToArray();

        Assert.Equal(image, AugmentationRuns.Run(new PadCrop(0), image, 8, 5, 1));
    }

    [Fact]
    public void Apply_PaddingBeyondTheImage_StaysWithinIt()
    {
        byte[] image = AugmentationRuns.Flat(3, 2);
        for (int i = 0; i < 200; i++)
        {
            Assert.All(AugmentationRuns.Run(new PadCrop(PadCrop.MaxPad), image, 3, 2, i), v => Assert.True(v is 0 or 100));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(257)]
    public void PadCrop_OutOfRange_Throws(int pad) => Assert.Throws<ArgumentOutOfRangeException>(() => new PadCrop(pad));

    [Fact]
    public void PadCrop_UnknownFill_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new PadCrop(4, (FillColor)9));
}
