using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Shifts the image along both sides by random distances, fractions of a pixel included (bilinear). A pixel is filled when its center
/// comes from outside the image, and nothing of the fill is mixed into others, as Pillow does it.
/// </summary>
public sealed record RandomTranslation : IPixelAugmentation
{
    /// <summary>Keeps the range.</summary>
    /// <param name="share">The largest shift either way over the side's length, 0 to 1; default 0.1. Shifts are drawn evenly.</param>
    /// <param name="fill">What the emptied edges show; default ImageNet's mean color.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RandomTranslation(double share = 0.1, FillColor fill = FillColor.Mean)
    {
        Share = AugmentationGuard.InRange(share, 0, 1);
        Fill = AugmentationGuard.Defined(fill);
    }

    /// <summary>The largest shift either way over the side's length.</summary>
    public double Share { get; }

    /// <summary>What the emptied edges show.</summary>
    public FillColor Fill { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        double x = random.NextDouble(-Share, Share) * width;
        double y = random.NextDouble(-Share, Share) * height;
        AffineSampler.Apply(pixels, width, height, AffineMap.Translation(x, y), RgbColor.Of(Fill));
    }
}
