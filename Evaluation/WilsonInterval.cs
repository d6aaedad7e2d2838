namespace MLClassify.Evaluation;

/// <summary>How far a share that was counted on some images may lie from that on all images of the kind.</summary>
internal static class WilsonInterval
{
    /// <summary>The normal deviate of 95 %.</summary>
    private const double Deviate = 1.959964;

    /// <summary>The 95 % score interval of a proportion (Wilson 1927); 0 to 1 without an image.</summary>
    /// <param name="correct">How many of them are counted.</param>
    /// <param name="images">How many images.</param>
    public static (double Low, double High) Of(long correct, long images)
    {
        if (images == 0)
        {
            return (0, 1);
        }

        double share = (double)correct / images;
        double square = Deviate * Deviate / images;
        double middle = (share + (square / 2)) / (1 + square);
        double half = Deviate / (1 + square) * Math.Sqrt((share * (1 - share) / images) + (square / (4 * images)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
