using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// One random change of random strength (Müller and Hutter, "TrivialAugment: tuning-free yet state-of-the-art data augmentation", 2021), the
/// wide variant. One of 14, equally likely: nothing, shear along x or y (up to 0.99), shift along x or y (up to 32 pixels), rotation (up to
/// 135 degrees), brightness, color, contrast, sharpness (factors 0.01 to 1.99), posterizing (down to 2 bits), solarizing (from any
/// threshold), automatic contrast, equalizing. The strength is one of 31 evenly spaced levels, the direction either with equal chance.
/// Shear, shift and rotation are bilinear.
/// </summary>
public sealed record TrivialAugment : IPixelAugmentation
{
    /// <summary>Keeps the fill.</summary>
    /// <param name="fill">What a moved image leaves empty; default ImageNet's mean color.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fill is not a defined one.</exception>
    public TrivialAugment(FillColor fill = FillColor.Mean) => Fill = AugmentationGuard.Defined(fill);

    /// <summary>How the pixels that a moved image leaves empty are filled.</summary>
    public FillColor Fill { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        var operation = (TrivialOperation)random.NextInt(TrivialOperations.Count);
        int level = random.NextInt(TrivialOperations.Levels);
        bool isNegative = random.NextInt(2) == 1;
        TrivialOperations.Apply(operation, level, isNegative, pixels, width, height, RgbColor.Of(Fill));
    }
}
