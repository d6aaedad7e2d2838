namespace MLClassify.Evaluation;

/// <summary>Where a series goes.</summary>
internal enum TrendDirection
{
    Flat,
    Falling,
    Rising,
}

/// <summary>A series' trend: its direction, and the change that the trend makes over the whole series.</summary>
internal readonly record struct Trend(TrendDirection Direction, double Change)
{
    /// <summary>Fewer values have too few orders for one of them to be surprising.</summary>
    public const int FewestValues = 4;

    /// <summary>One-sided 1 %: of a hundred series that are nothing but noise, one is said to fall.</summary>
    public const double Certain = 2.33;

    /// <summary>One-sided 2.5 %, for where a wrong answer costs little.</summary>
    public const double Likely = 1.96;

    /// <summary>
    /// Tells a trend from noise by the Mann-Kendall test (Mann 1945, Kendall 1975), which asks only how many pairs of values are in order,
    /// and so depends neither on the noise's size nor on outliers; its size is the median slope of all pairs (Sen 1968).
    /// </summary>
    /// <param name="values">Finite values at equal distances; at most a hundred or so, as all pairs are looked at.</param>
    /// <param name="smallestChange">A change below this is flat, however certain it is.</param>
    /// <param name="score">The normal deviate that the test must reach.</param>
    public static Trend Of(ReadOnlySpan<double> values, double smallestChange, double score = Certain)
    {
        int n = values.Length;
        if (n < FewestValues)
        {
            return default;
        }

        int order = 0;
        double[] slopes = new double[n * (n - 1) / 2];
        int pairs = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                order += Math.Sign(values[j] - values[i]);
                slopes[pairs++] = (values[j] - values[i]) / (j - i);
            }
        }

        double change = RobustStatistics.Median(slopes) * (n - 1);
        double deviation = Math.Sqrt(n * (n - 1.0) * ((2.0 * n) + 5) / 18);
        // Four values cannot reach that score; in perfect order they are as surprising as one in 24.
        bool isSurprising = Math.Abs(order) == pairs || (Math.Abs(order) - 1) / deviation >= score;
        if (!isSurprising || Math.Abs(change) < smallestChange || change == 0)
        {
            return new Trend(TrendDirection.Flat, change);
        }

        return new Trend(change < 0 ? TrendDirection.Falling : TrendDirection.Rising, change);
    }
}
