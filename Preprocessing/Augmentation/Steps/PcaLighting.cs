using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Augmentation;

/// <summary>
/// Adds to every pixel the same random amount along the principal axes of ImageNet's colors, as if the light had changed (Krizhevsky et
/// al., "ImageNet classification with deep convolutional neural networks", 2012, section 4.1): the sum of <c>p_i alpha_i lambda_i</c> over
/// the three eigenvectors p and eigenvalues lambda, each alpha drawn once an image from a normal distribution. The amount is rounded to
/// whole levels.
/// </summary>
public sealed record PcaLighting : IPixelAugmentation
{
    /// <summary>The largest accepted <see cref="Sigma"/>.</summary>
    public const double MaxSigma = 10;

    // Of ImageNet's pixels in 0..1, as published with the fb.resnet.torch training code.
    private static readonly double[] EigenValues = [0.2175, 0.0188, 0.0045];

    private static readonly double[,] EigenVectors =
    {
        { -0.5675, 0.7192, 0.4009 },
        { -0.5808, -0.0045, -0.8140 },
        { -0.5836, -0.6948, 0.4203 },
    };

    /// <summary>Keeps the deviation.</summary>
    /// <param name="sigma">The standard deviation of each alpha, 0 to 10; default 0.1, the paper's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is outside its range.</exception>
    public PcaLighting(double sigma = 0.1) => Sigma = AugmentationGuard.InRange(sigma, 0, MaxSigma);

    /// <summary>The standard deviation of each axis' factor.</summary>
    public double Sigma { get; }

    /// <inheritdoc/>
    public void Apply(Span<byte> pixels, int width, int height, ref CounterRandom random)
    {
        double first = Sigma * random.NextGaussian();
        double second = Sigma * random.NextGaussian();
        Add(pixels, first, second, Sigma * random.NextGaussian());
    }

    /// <summary>Adds the amount of three given alphas.</summary>
    internal static void Add(Span<byte> pixels, double first, double second, double third)
    {
        Span<byte> tables = stackalloc byte[3 * ByteTables.Size];
        for (int c = 0; c < 3; c++)
        {
            double light = (EigenVectors[c, 0] * first * EigenValues[0])
                + (EigenVectors[c, 1] * second * EigenValues[1])
                + (EigenVectors[c, 2] * third * EigenValues[2]);
            int level = (int)Math.Round(255 * light);
            for (int i = 0; i < ByteTables.Size; i++)
            {
                tables[(c * ByteTables.Size) + i] = (byte)Math.Clamp(i + level, 0, 255);
            }
        }

        ByteTables.ApplyPerChannel(pixels, tables);
    }
}
