using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Benchmarks.Short;

/// <summary>An image that is as hard to decode as a photo: slow waves of color under a little noise.</summary>
internal static class TestImage
{
    private const double Noise = 6;

    /// <summary>Paints.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static Image Paint(int width, int height)
    {
        var image = new Image(width, height);
        var random = CounterRandom.FromCounter(1);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                int x = i / 3;
                double wave = Math.Sin((x * (0.02 + (0.01 * (i % 3)))) + (y * 0.03)) * Math.Cos((y * 0.05) - (x * 0.004));
                row[i] = (byte)Math.Clamp(128 + (90 * wave) + (Noise * random.NextGaussian()), 0, 255);
            }
        }

        return image;
    }
}
