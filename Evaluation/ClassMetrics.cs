namespace MLClassify;

/// <summary>Precision, recall and F1 of one class. A share that is undefined (0/0) is 0.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Images">Its images (the support).</param>
/// <param name="Correct">How many of them were classified correctly.</param>
/// <param name="Predicted">How many images of any class were classified as it.</param>
public sealed record ClassMetrics(string Name, long Images, long Correct, long Predicted)
{
    /// <summary>The share of its images that were classified correctly, 0..1; the same as <see cref="Recall"/>.</summary>
    public double Accuracy => Recall;

    /// <summary>The share of the images classified as this class that belong to it, 0..1.</summary>
    public double Precision => Share(Correct, Predicted);

    /// <summary>The share of its images that were classified correctly, 0..1.</summary>
    public double Recall => Share(Correct, Images);

    /// <summary>The harmonic mean of precision and recall, 0..1.</summary>
    public double F1 => Share(2 * Correct, Predicted + Images);

    internal static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
