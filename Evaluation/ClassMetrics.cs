namespace MLClassify;

/// <summary>How well one class is recognised. A share that is undefined (0/0) is 0.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Images">The images that show it (its support).</param>
/// <param name="Correct">How many of them were recognised.</param>
/// <param name="Predicted">How many images of any class were taken for it.</param>
public sealed record ClassMetrics(string Name, long Images, long Correct, long Predicted)
{
    /// <summary>The share of its images that were recognised, 0..1; the same as <see cref="Recall"/>.</summary>
    public double Accuracy => Recall;

    /// <summary>The share of the images taken for it that do show it, 0..1.</summary>
    public double Precision => Share(Correct, Predicted);

    /// <summary>The share of its images that were recognised, 0..1.</summary>
    public double Recall => Share(Correct, Images);

    /// <summary>The harmonic mean of precision and recall, 0..1.</summary>
    public double F1 => Share(2 * Correct, Predicted + Images);

    internal static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
