using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomHorizontalFlipTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Apply_ManyDraws_FlipsTheGivenShare(double probability)
    {
        var flip = new RandomHorizontalFlip(probability);
        const int Draws = 10_000;
        int flipped = 0;
        for (int i = 0; i < Draws; i++)
        {
            var random = new CounterRandom(1, 2, i);
            flipped += flip.Apply(default, 5, 5, ref random).FlipHorizontally ? 1 : 0;
        }

        // Five standard deviations, zero at the ends.
        double tolerance = 5 * Math.Sqrt(Draws * probability * (1 - probability));
        Assert.InRange(flipped, (probability * Draws) - tolerance, (probability * Draws) + tolerance);
    }

    [Fact]
    public void Apply_FlippedView_FlipsBack()
    {
        var random = new CounterRandom(1);

        Assert.False(new RandomHorizontalFlip(1).Apply(new ImageView { FlipHorizontally = true }, 5, 5, ref random).FlipHorizontally);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void RandomHorizontalFlip_NoProbability_Throws(double probability) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(probability));
}
