using MLClassify.Common;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Overwrites a rectangle of random area, proportions and place (Zhong et al., "Random erasing data augmentation", 2017), drawn as
/// torchvision's <c>RandomErasing</c> draws it: ten tries for one that is smaller than the image along both sides, else nothing is erased.
/// </summary>
public sealed record RandomErasing : IPixelAugmentation
{
    private const int Tries = 10;

    /// <summary>Keeps the ranges.</summary>
    /// <param name="probability">How often something is erased, 0 to 1; default 0.5, the paper's.</param>
    /// <param name="minScale">Smallest share of the image's area, above 0; default 0.02.</param>
    /// <param name="maxScale">Largest share of the image's area, at most 1; default 0.33.</param>
    /// <param name="minRatio">Smallest height / width, above 0; default 0.3. Drawn evenly on a logarithmic scale.</param>
    /// <param name="maxRatio">Largest height / width; default 3.3.</param>
    /// <param name="value">What the rectangle shows; default ImageNet's mean color.</param>
    /// <exception cref="ArgumentException">A value is outside its range, or a range is empty.</exception>
    public RandomErasing(
        double probability = 0.5,
        double minScale = 0.02,
        double maxScale = 0.33,
        double minRatio = 0.3,
        double maxRatio = 3.3,
        ErasingValue value = ErasingValue.Mean)
    {
        Probability = AugmentationGuard.InRange(probability, 0, 1);
        AugmentationGuard.Scale(minScale, maxScale);
        AugmentationGuard.Ratio(minRatio, maxRatio);
        (MinScale, MaxScale, MinRatio, MaxRatio) = (minScale, maxScale, minRatio, maxRatio);
        Value = AugmentationGuard.Defined(value);
    }

    /// <summary>How often something is erased.</summary>
    public double Probability { get; }

    /// <summary>Smallest share of the image's area.</summary>
    public double MinScale { get; }

    /// <summary>Largest share of the image's area.</summary>
    public double MaxScale { get; }

    /// <summary>Smallest height / width.</summary>
    public double MinRatio { get; }

    /// <summary>Largest height / width.</summary>
    public double MaxRatio { get; }

    /// <summary>What the rectangle shows.</summary>
    public ErasingValue Value { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        if (random.NextDouble() >= Probability)
        {
            return;
        }

        double minLogRatio = Math.Log(MinRatio);
        double maxLogRatio = Math.Log(MaxRatio);
        for (int i = 0; i < Tries; i++)
        {
            double area = (double)width * height * random.NextDouble(MinScale, MaxScale);
            double ratio = Math.Exp(random.NextDouble(minLogRatio, maxLogRatio));
            double h = Math.Round(Math.Sqrt(area * ratio));
            double w = Math.Round(Math.Sqrt(area / ratio));
            if (w < width && h < height)
            {
                int y = random.NextInt(height - (int)h + 1);
                int x = random.NextInt(width - (int)w + 1);
                Erase(pixels, width, new PixelRectangle(x, y, (int)w, (int)h), Value, ref random);
                return;
            }
        }
    }

    /// <summary>Overwrites a rectangle of an image whose rows have <paramref name="stride"/> pixels.</summary>
    internal static void Erase(Span<byte> pixels, int stride, PixelRectangle area, ErasingValue value, ref CounterRandom random)
    {
        for (int y = area.Y; y < area.Y + area.Height; y++)
        {
            Span<byte> row = pixels.Slice(3 * ((y * stride) + area.X), 3 * area.Width);
            switch (value)
            {
                case ErasingValue.Noise:
                    Noise.Fill(row, ref random);
                    break;
                case ErasingValue.Black:
                    row.Clear();
                    break;
                default:
                    RgbColor.ImageNetMean.Fill(row);
                    break;
            }
        }
    }
}
