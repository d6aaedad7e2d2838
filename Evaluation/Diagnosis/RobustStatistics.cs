using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Evaluation;

/// <summary>Statistics that a few outliers do not move.</summary>
internal static class RobustStatistics
{
    /// <summary>The median of a normal deviate's absolute value.</summary>
    private const double NormalQuartile = 0.6745;

    /// <summary>The median; of an even number of values, the mean of the middle two. Sorts the values in place.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] / 2) + (values[middle] / 2);
    }

    /// <summary>The median of values that stay as they are.</summary>
    public static double MedianOf(ReadOnlySpan<double> values) => Median(values.ToArray());

    /// <summary>
    /// The standard deviation of the noise on a smooth series, from how far each value lies from the middle of its neighbors (which for
    /// noise alone has 1.5 times the variance); the median of these distances, so that single jumps do not count. 0 below three values.
    /// </summary>
    public static double Noise(ReadOnlySpan<double> values)
    {
        if (values.Length < 3)
        {
            return 0;
        }

        double[] distances = new double[values.Length - 2];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = Math.Abs(values[i + 1] - ((values[i] / 2) + (values[i + 2] / 2)));
        }

        return Median(distances) / (NormalQuartile * Math.Sqrt(1.5));
    }

    /// <summary>How often a series turns round, as a share of the times that it could: two in three for noise, 0 for a monotone series.</summary>
    public static double Turns(ReadOnlySpan<double> values)
    {
        int turns = 0;
        for (int i = 1; i + 1 < values.Length; i++)
        {
            if ((values[i] - values[i - 1]) * (values[i + 1] - values[i]) < 0)
            {
                turns++;
            }
        }

        return values.Length < 3 ? 0 : (double)turns / (values.Length - 2);
    }
}
