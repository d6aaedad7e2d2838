namespace MLClassify.Evaluation.Tests.Diagnosis;

public sealed class TrendTests
{
    [Fact]
    public void Of_Line_HasItsChange()
    {
        Trend trend = Trend.Of([5, 4, 3, 2, 1], 0.1);

        Assert.Equal(TrendDirection.Falling, trend.Direction);
        Assert.Equal(-4, trend.Change, 1e-12);
    }

    [Fact]
    public void Of_Outlier_DoesNotMatter()
    {
        double[] values = [.. Enumerable.Range(0, 20).Select(i => i == 10 ? -1e6 : i)];

        Trend trend = Trend.Of(values, 0.1);

        Assert.Equal(TrendDirection.Rising, trend.Direction);
        Assert.Equal(19, trend.Change, 0.5);
    }

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 3, 2, 1 })]
    [InlineData(new double[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(new double[] { 1, 2, 1, 2, 1, 2, 1, 2 })]
    public void Of_NoTrend_IsFlat(double[] values) => Assert.Equal(TrendDirection.Flat, Trend.Of(values, 0).Direction);

    [Fact]
    public void Of_SmallChange_IsFlatHoweverCertain() => Assert.Equal(TrendDirection.Flat, Trend.Of([5, 4, 3, 2, 1], 4.5).Direction);

    [Theory]
    [InlineData(4, 0.12)]
    [InlineData(10, 0.03)]
    [InlineData(40, 0.03)]
    public void Of_NoiseAlone_SeldomHasATrend(int count, double allowed)
    {
        var random = new Random(7);
        int trends = Enumerable.Range(0, 2000).Count(_ => Trend.Of([.. Enumerable.Range(0, count).Select(_ => random.NextDouble())], 0).Direction != TrendDirection.Flat);

        Assert.InRange(trends / 2000.0, 0, allowed);
    }

    [Fact]
    public void Noise_GaussianOnALine_IsItsDeviation()
    {
        var random = new Random(3);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] values = [.. Enumerable.Range(0, 20_000).Select(i => (0.01 * i) + (0.3 * Normal()))];

        Assert.Equal(0.3, RobustStatistics.Noise(values), 0.02);
        Assert.Equal(2.0 / 3, RobustStatistics.Turns(values), 0.02);
    }

    [Fact]
    public void Median_EvenCountOfHugeValues_DoesNotOverflow() => Assert.Equal(double.MaxValue, RobustStatistics.MedianOf([double.MaxValue, double.MaxValue]));
}
