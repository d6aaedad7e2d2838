using MLClassify.Datasets;

namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Normally distributed numbers.</summary>
internal static class Gaussian
{
    /// <summary>The next number of mean 0 and deviation 1, from two even ones (Box and Muller, 1958).</summary>
    public static double Next(ref CounterRandom random)
    {
        // In (0, 1]: the logarithm stays finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
