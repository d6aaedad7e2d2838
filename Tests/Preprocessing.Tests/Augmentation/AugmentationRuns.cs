using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

/// <summary>Images through one pixel augmentation.</summary>
internal static class AugmentationRuns
{
    /// <summary>A gray image.</summary>
    public static byte[] Flat(int width, int height, byte value = 100)
    {
        byte[] pixels = new byte[width * height * 3];
        Array.Fill(pixels, value);
        return pixels;
    }

    /// <summary>What becomes of a copy of the image.</summary>
    public static byte[] Run(IPixelAugmentation augmentation, byte[] pixels, int width, int height, long draw)
    {
        byte[] result = [.. pixels];
        var random = new CounterRandom(11, 3, draw);
        augmentation.Apply(result, width, height, ref random);
        return result;
    }

    /// <summary>The center of the brightness, in pixels from the upper left corner.</summary>
    public static (double X, double Y) Centroid(ReadOnlySpan<byte> pixels, int width)
    {
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            sum += pixels[i];
            x += pixels[i] * ((i / 3 % width) + 0.5);
            y += pixels[i] * ((i / 3 / width) + 0.5);
        }

        return (x / sum, y / sum);
    }

    /// <summary>A black image with a white square in its middle.</summary>
    public static byte[] Square(int size, int side)
    {
        byte[] pixels = new byte[size * size * 3];
        int from = (size - side) / 2;
        for (int y = from; y < from + side; y++)
        {
            pixels.AsSpan(3 * ((y * size) + from), 3 * side).Fill(255);
        }

        return pixels;
    }
}
