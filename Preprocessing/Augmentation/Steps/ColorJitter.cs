using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Changes brightness, contrast, saturation and hue, in random order, as torchvision's <c>ColorJitter</c> defines them: the image is
/// blended with black, with its mean gray, and with its own gray version, by factors drawn evenly from 1 - s to 1 + s but not below 0, and
/// the hue is turned by -h to h of the circle. Each step is rounded to bytes.
/// </summary>
public sealed record ColorJitter : IPixelAugmentation
{
    /// <summary>The largest accepted brightness, contrast and saturation.</summary>
    public const double MaxStrength = 10;

    /// <summary>The largest accepted hue: half the circle, either way.</summary>
    public const double MaxHue = 0.5;

    /// <summary>Keeps the strengths.</summary>
    /// <param name="brightness">0 to 10; default 0.4. 0 leaves the brightness alone.</param>
    /// <param name="contrast">0 to 10; default 0.4.</param>
    /// <param name="saturation">0 to 10; default 0.4.</param>
    /// <param name="hue">The largest turn either way as a share of the circle, 0 to 0.5; default 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public ColorJitter(double brightness = 0.4, double contrast = 0.4, double saturation = 0.4, double hue = 0.1)
    {
        Brightness = AugmentationGuard.InRange(brightness, 0, MaxStrength);
        Contrast = AugmentationGuard.InRange(contrast, 0, MaxStrength);
        Saturation = AugmentationGuard.InRange(saturation, 0, MaxStrength);
        Hue = AugmentationGuard.InRange(hue, 0, MaxHue);
    }

    /// <summary>The brightness factor's largest distance from 1.</summary>
    public double Brightness { get; }

    /// <summary>The contrast factor's largest distance from 1.</summary>
    public double Contrast { get; }

    /// <summary>The saturation factor's largest distance from 1.</summary>
    public double Saturation { get; }

    /// <summary>The hue's largest turn either way, as a share of the circle.</summary>
    public double Hue { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        Span<int> order = [0, 1, 2, 3];
        random.Shuffle(order);
        double brightness = Factor(Brightness, ref random);
        double contrast = Factor(Contrast, ref random);
        double saturation = Factor(Saturation, ref random);
        double hue = random.NextDouble(-Hue, Hue);
        foreach (int step in order)
        {
            switch (step)
            {
                case 0 when Brightness > 0:
                    ColorOperations.AdjustBrightness(pixels, brightness);
                    break;
                case 1 when Contrast > 0:
                    ColorOperations.AdjustContrast(pixels, contrast);
                    break;
                case 2 when Saturation > 0:
                    ColorOperations.AdjustSaturation(pixels, saturation);
                    break;
                case 3 when Hue > 0:
                    HueRotation.Apply(pixels, hue);
                    break;
            }
        }
    }

    private static double Factor(double strength, ref CounterRandom random) => random.NextDouble(Math.Max(1 - strength, 0), 1 + strength);
}
