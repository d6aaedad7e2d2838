namespace MLClassify;

/// <summary>The images whose confidence lies in one interval.</summary>
/// <param name="Lower">The interval's lower end, not part of it (but for 0, which is).</param>
/// <param name="Upper">The interval's upper end, part of it.</param>
/// <param name="Images">How many images.</param>
/// <param name="Correct">How many of them were recognised.</param>
/// <param name="Confidence">The mean of their predicted classes' probabilities, 0..1; 0 without an image.</param>
public sealed record CalibrationBin(double Lower, double Upper, long Images, long Correct, double Confidence)
{
    /// <summary>The share of its images that were recognised, 0..1; 0 without an image.</summary>
    public double Accuracy => ClassMetrics.Share(Correct, Images);

    /// <summary>How far confidence exceeds accuracy, -1..1: above 0 the network claims more than it keeps.</summary>
    public double Gap => Images == 0 ? 0 : Confidence - Accuracy;
}
