namespace MLClassify.Trainers;

/// <summary>
/// Divides the rate by ten when the validation accuracy stops rising, as Krizhevsky et al. (2012, section 5) did by hand: a pure function
/// of the epochs so far, so that a run can be resumed after any of them.
/// </summary>
/// <param name="Patience">Divide the rate after this many epochs without better accuracy, counted from the best epoch or the last
/// reduction; at least 1.</param>
/// <param name="MaximumDrops">The number of reductions; where one more would be due, training ends. 0: no limit.</param>
internal sealed record PlateauRule(int Patience, int MaximumDrops = 0)
{
    /// <summary>What the rate is divided by, as a factor.</summary>
    public const double Gamma = 0.1;

    /// <summary>How often the rate was divided.</summary>
    /// <param name="epochs">The epochs so far, in order.</param>
    public int Drops(IReadOnlyList<EpochResult> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        double best = double.NegativeInfinity;
        int waited = 0;
        int drops = 0;
        foreach (EpochResult epoch in epochs)
        {
            double accuracy = epoch.ValAccuracy ?? epoch.TrainAccuracy;
            if (accuracy > best)
            {
                (best, waited) = (accuracy, 0);
            }
            else if (++waited >= Patience)
            {
                (drops, waited) = (drops + 1, 0);
            }
        }

        return drops;
    }

    /// <summary>The rate's factor in the next epoch.</summary>
    /// <param name="epochs">The epochs so far, in order.</param>
    public double Factor(IReadOnlyList<EpochResult> epochs) => Math.Pow(Gamma, Drops(epochs));

    /// <summary>Whether training is over.</summary>
    /// <param name="epochs">The epochs so far, in order.</param>
    public bool IsOver(IReadOnlyList<EpochResult> epochs) => MaximumDrops > 0 && Drops(epochs) > MaximumDrops;
}
