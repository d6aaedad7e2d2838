namespace MLClassify.Evaluation.Tests;

public sealed class ConfidenceIntervalTests
{
    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(50, 100, 0.4038, 0.5962)]
    public void Of_KnownIntervals_AreMet(long correct, long images, double low, double high)
    {
        (double foundLow, double foundHigh) = ConfidenceInterval.Of(correct, images);

        Assert.Equal(low, foundLow, 1e-4);
        Assert.Equal(high, foundHigh, 1e-4);
    }

    [Fact]
    public void ToString_IsInPercent() => Assert.Equal("40.4 to 59.6 %", ConfidenceInterval.Of(50, 100).ToString());
}
