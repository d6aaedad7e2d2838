namespace MLClassify;

/// <summary>
/// Where the share of all images of the kind lies with 95 % confidence, when a share of some images was measured: the score interval of a
/// proportion (Wilson 1927, "Probable inference, the law of succession, and statistical inference"). It knows of chance alone: images
/// that the model was trained on, or that were chosen among, it cannot make up for.
/// </summary>
/// <param name="Low">The lower end, 0..1.</param>
/// <param name="High">The upper end, 0..1.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The normal deviate of 95 %.</summary>
    internal const double Deviate = 1.959964;

    /// <summary>The interval of a share; 0 to 1 without an image.</summary>
    /// <param name="counted">How many of the images are counted.</param>
    /// <param name="images">How many images.</param>
    internal static ConfidenceInterval Of(long counted, long images)
    {
        if (images == 0)
        {
            return new ConfidenceInterval(0, 1);
        }

        double share = (double)counted / images;
        double square = Deviate * Deviate / images;
        double middle = (share + (square / 2)) / (1 + square);
        double half = Deviate / (1 + square) * Math.Sqrt((share * (1 - share) / images) + (square / (4 * images)));
        return new ConfidenceInterval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <summary>The interval of a share that is known with its images; null where either is not.</summary>
    /// <param name="share">The share, 0..1.</param>
    /// <param name="images">How many images.</param>
    internal static ConfidenceInterval? Of(double? share, long? images) =>
        share is { } known && images is { } count ? Of((long)Math.Round(known * count), count) : null;

    /// <summary>The interval in percent: <c>86.3 to 98.3 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Low:0.0} to {100 * High:0.0} %");
}
