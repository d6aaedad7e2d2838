using FsCheck.Fluent;

namespace MLClassify.Reports.Tests;

public sealed class AxisScaleTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 2.31, "0.0 0.5 1.0 1.5 2.0 2.5")]
    [InlineData(87.2, 96.4, "86 88 90 92 94 96 98")]
    [InlineData(0, 0.004, "0.000 0.001 0.002 0.003 0.004")]
    [InlineData(-1, 1, "-1.0 -0.5 0.0 0.5 1.0")]
    [InlineData(0, 3e6, "0 1e6 2e6 3e6")]
    [InlineData(5, 5, "2 3 4 5 6 7 8")]
    [InlineData(0, 0, "-1.0 -0.5 0.0 0.5 1.0")]
    public void Covering_AnyRange_HasRoundTicks(double minimum, double maximum, string expected)
    {
        var scale = AxisScale.Covering(minimum, maximum, 5);

        Assert.Equal(expected, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Fact]
    public void Covering_AnyRange_HoldsItWithFewTicks()
    {
        var ranges = from a in Gen.Choose(-1_000_000, 1_000_000) from b in Gen.Choose(-1_000_000, 1_000_000) from e in Gen.Choose(-12, 12) select (a, b, e);
        Property.Holds(ranges, range =>
        {
            double minimum = Math.Min(range.a, range.b) * Math.Pow(10, range.e);
            double maximum = Math.Max(range.a, range.b) * Math.Pow(10, range.e);

            var scale = AxisScale.Covering(minimum, maximum, 5);

            double rounding = 1e-8 * (scale.Maximum - scale.Minimum);
            Assert.InRange(minimum, scale.Minimum - rounding, scale.Maximum);
            Assert.InRange(maximum, scale.Minimum, scale.Maximum + rounding);
            Assert.InRange(scale.Ticks.Count(), 3, 8);
        });
    }

    [Fact]
    public void WholeNumbers_OneOrMany_AreWhole()
    {
        Assert.Equal([7], AxisScale.WholeNumbers(7, 7, 8).Ticks);
        Assert.Equal([1, 2, 3], AxisScale.WholeNumbers(1, 3, 8).Ticks);
        Assert.All(AxisScale.WholeNumbers(1, int.MaxValue, 8).Ticks, tick => Assert.Equal(Math.Floor(tick), tick));
        Assert.Equal(0.5, AxisScale.WholeNumbers(7, 7, 8).Position(7));
    }
}
