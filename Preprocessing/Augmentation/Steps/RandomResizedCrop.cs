using MLClassify.Common;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// A rectangle of random area and proportions, stretched to the network's input (Szegedy et al., "Going deeper with convolutions",
/// 2015, section 6), drawn as torchvision's <c>RandomResizedCrop</c> draws it: ten tries, then the largest centered rectangle within the
/// proportions. Of several crops in a policy the last one counts. Where images are squashed or padded as a whole
/// (<see cref="ImageFit"/>), the proportions are of the image made square: a part of a strip is a strip, brought to size as the whole is.
/// </summary>
public sealed record RandomResizedCrop : IGeometricAugmentation
{
    private const int Tries = 10;

    private readonly double _minLogRatio;
    private readonly double _maxLogRatio;

    /// <summary>Keeps the ranges.</summary>
    /// <param name="minScale">Smallest share of the image's area, above 0; default 0.08.</param>
    /// <param name="maxScale">Largest share of the image's area, at most 1; default 1.</param>
    /// <param name="minRatio">Smallest width / height, above 0; default 3/4.</param>
    /// <param name="maxRatio">Largest width / height; default 4/3.</param>
    /// <exception cref="ArgumentException">A range is empty or leaves the values given above.</exception>
    public RandomResizedCrop(double minScale = 0.08, double maxScale = 1, double minRatio = 3.0 / 4.0, double maxRatio = 4.0 / 3.0)
    {
        AugmentationGuard.Scale(minScale, maxScale);
        AugmentationGuard.Ratio(minRatio, maxRatio);
        (MinScale, MaxScale, MinRatio, MaxRatio) = (minScale, maxScale, minRatio, maxRatio);
        _minLogRatio = Math.Log(minRatio);
        _maxLogRatio = Math.Log(maxRatio);
    }

    /// <summary>Smallest share of the image's area.</summary>
    public double MinScale { get; }

    /// <summary>Largest share of the image's area.</summary>
    public double MaxScale { get; }

    /// <summary>Smallest width / height.</summary>
    public double MinRatio { get; }

    /// <summary>Largest width / height.</summary>
    public double MaxRatio { get; }

    /// <inheritdoc/>
    public ImageView Apply(ImageView view, int width, int height, ref CounterRandom random) =>
        view with { Region = Choose(width, height, ref random), Offset = null };

    private PixelRectangle Choose(int width, int height, ref CounterRandom random)
    {
        for (int i = 0; i < Tries; i++)
        {
            double area = (double)width * height * random.NextDouble(MinScale, MaxScale);
            double ratio = Math.Exp(random.NextDouble(_minLogRatio, _maxLogRatio));
            double w = Math.Round(Math.Sqrt(area * ratio));
            double h = Math.Round(Math.Sqrt(area / ratio));
            if (w >= 1 && w <= width && h >= 1 && h <= height)
            {
                int y = random.NextInt(height - (int)h + 1);
                int x = random.NextInt(width - (int)w + 1);
                return new PixelRectangle(x, y, (int)w, (int)h);
            }
        }

        return Largest(width, height);
    }

    private PixelRectangle Largest(int width, int height)
    {
        double ratio = (double)width / height;
        int w = ratio > MaxRatio ? Math.Max((int)Math.Round(height * MaxRatio), 1) : width;
        int h = ratio < MinRatio ? Math.Max((int)Math.Round(width / MinRatio), 1) : height;
        return new PixelRectangle((width - w) / 2, (height - h) / 2, w, h);
    }
}
