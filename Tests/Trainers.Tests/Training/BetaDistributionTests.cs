using MLClassify.Common;

namespace MLClassify.Trainers.Tests.Training;

public class BetaDistributionTests
{
    // Beta(a, a) has the mean 1/2 and the variance 1 / (4 (2a + 1)); of 20,000 draws the mean's standard error is at most 0.0036, that of
    // the variance below 0.002.
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    public void Next_ManyDraws_HasTheMomentsOfBeta(double alpha)
    {
        const int draws = 20_000;
        var random = new CounterRandom(3);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++)
        {
            double x = BetaDistribution.Next(alpha, ref random);
            Assert.InRange(x, 0, 1);
            sum += x;
            squares += (x - 0.5) * (x - 0.5);
        }

        Assert.Equal(0.5, sum / draws, 0.015);
        Assert.Equal(1 / (4 * ((2 * alpha) + 1)), squares / draws, 0.008);
    }

    [Fact]
    public void Next_TinyAlpha_IsStillANumber()
    {
        var random = new CounterRandom(4);
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(BetaDistribution.Next(1e-6, ref random), 0, 1);
        }
    }
}
