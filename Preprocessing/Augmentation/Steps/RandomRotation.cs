using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Turns the image about its center by a random angle, bilinear. The frame stays; its emptied corners are filled. A pixel is filled when
/// its center comes from outside the image, and nothing of the fill is mixed into others, as Pillow does it.
/// </summary>
public sealed record RandomRotation : IPixelAugmentation
{
    /// <summary>The largest accepted <see cref="Degrees"/>.</summary>
    public const double MaxDegrees = 180;

    /// <summary>Keeps the range.</summary>
    /// <param name="degrees">The largest angle to either side, 0 to 180; default 15. Angles are drawn evenly from -degrees to degrees.</param>
    /// <param name="fill">What the emptied corners show; default ImageNet's mean color.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RandomRotation(double degrees = 15, FillColor fill = FillColor.Mean)
    {
        Degrees = AugmentationGuard.InRange(degrees, 0, MaxDegrees);
        Fill = AugmentationGuard.Defined(fill);
    }

    /// <summary>The largest angle to either side.</summary>
    public double Degrees { get; }

    /// <summary>What the emptied corners show.</summary>
    public FillColor Fill { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        double degrees = random.NextDouble(-Degrees, Degrees);
        AffineSampler.Apply(pixels, width, height, AffineMap.Rotation(degrees, width, height), RgbColor.Of(Fill));
    }
}
