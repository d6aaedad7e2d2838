namespace MLClassify.Trainers;

/// <summary>A point of the search.</summary>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="Loss">The batch's loss before it.</param>
/// <param name="Smoothed">The moving average of the losses so far.</param>
public sealed record LearningRatePoint(double LearningRate, double Loss, double Smoothed);

/// <summary>How the loss of a network depends on a rate that rises at every step (Smith 2017, arXiv:1506.01186, section 3.3).</summary>
public sealed record LearningRateCurve
{
    /// <summary>The steps, in order.</summary>
    public required IReadOnlyList<LearningRatePoint> Points { get; init; }

    /// <summary>Whether the loss left all bounds before the last rate, as it should.</summary>
    public required bool Diverged { get; init; }

    /// <summary>Whether the search was ended early.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>
    /// The rate to train with: where the smoothed loss falls fastest over the logarithm of the rate, before its minimum; null where it does
    /// not fall.
    /// </summary>
    public double? Suggestion
    {
        get
        {
            if (Points.Count < 5)
            {
                return null;
            }

            int lowest = Enumerable.Range(0, Points.Count).MinBy(i => double.IsNaN(Points[i].Smoothed) ? double.MaxValue : Points[i].Smoothed);
            int reach = Math.Max(2, Points.Count / 25);
            int steepest = -1;
            double slope = 0;
            for (int i = reach; i + reach <= lowest; i++)
            {
                double own = (Points[i + reach].Smoothed - Points[i - reach].Smoothed) / Math.Log(Points[i + reach].LearningRate / Points[i - reach].LearningRate);
                if (own < slope)
                {
                    (slope, steepest) = (own, i);
                }
            }

            return steepest < 0 ? null : Points[steepest].LearningRate;
        }
    }
}
