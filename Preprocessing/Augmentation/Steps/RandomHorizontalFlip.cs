using MLClassify.Common;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>Mirrors left and right with a given probability.</summary>
public sealed record RandomHorizontalFlip : IGeometricAugmentation
{
    /// <summary>Keeps the probability.</summary>
    /// <param name="probability">0 to 1; default one half.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in 0..1.</exception>
    public RandomHorizontalFlip(double probability = 0.5) => Probability = AugmentationGuard.InRange(probability, 0, 1);

    /// <summary>How often the image is mirrored, 0 to 1.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public ImageView Apply(ImageView view, int width, int height, ref CounterRandom random) =>
        random.NextDouble() < Probability ? view with { FlipHorizontally = !view.FlipHorizontally } : view;
}
