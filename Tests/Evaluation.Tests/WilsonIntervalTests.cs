namespace MLClassify.Evaluation.Tests;

public sealed class WilsonIntervalTests
{
    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(50, 100, 0.4038, 0.5962)]
    public void Wilson_KnownIntervals_AreMet(long correct, long images, double low, double high)
    {
        (double foundLow, double foundHigh) = WilsonInterval.Of(correct, images);

        Assert.Equal(low, foundLow, 1e-4);
        Assert.Equal(high, foundHigh, 1e-4);
    }
}
