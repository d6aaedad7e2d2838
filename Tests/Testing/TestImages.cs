using MLClassify.Imaging;

namespace MLClassify.Testing;

/// <summary>Small synthetic images, painted with integer arithmetic alone, so that their bytes are the same everywhere.</summary>
public static class TestImages
{
    /// <summary>Smooth gradients, a hard-edged disc and a little noise: something for every filter and frequency.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static Image Scene(int width, int height)
    {
        var image = new Image(width, height);
        uint state = 12345;
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                state = (state * 1664525) + 1013904223;
                int noise = (int)(state >> 29);
                int dx = (2 * x) - width, dy = (2 * y) - height;
                bool inside = (dx * dx) + (dy * dy) < (Math.Min(width, height) * Math.Min(width, height) / 2);
                row[3 * x] = (byte)((inside ? 200 : 40) + noise);
                row[(3 * x) + 1] = (byte)((x * 200 / width) + noise);
                row[(3 * x) + 2] = (byte)((y * 160 / height) + (inside ? 60 : 0) + noise);
            }
        }

        return image;
    }

    /// <summary>One color all over.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="red">The color's first channel.</param>
    /// <param name="green">The color's second channel.</param>
    /// <param name="blue">The color's third channel.</param>
    public static Image Uniform(int width, int height, byte red, byte green, byte blue)
    {
        var image = new Image(width, height);
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            image.Pixels[i] = red;
            image.Pixels[i + 1] = green;
            image.Pixels[i + 2] = blue;
        }

        return image;
    }

    /// <summary>Noise that the golden scripts make too: a hash of each byte's index, with a seed that follows from the size.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static Image Noise(int width, int height) => Noise(width, height, (width * 31) + height);

    /// <summary>Noise that the golden scripts make too: a hash of each byte's index.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="seed">Added to the index.</param>
    public static Image Noise(int width, int height, int seed)
    {
        var image = new Image(width, height);
        Span<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint value = unchecked((uint)(i + seed) * 2654435761u);
            value ^= value >> 15;
            value = unchecked(value * 0x85EBCA6Bu);
            value ^= value >> 13;
            pixels[i] = (byte)(value >> 24);
        }

        return image;
    }

    /// <summary>Peak signal-to-noise ratio in decibels over all channels.</summary>
    /// <param name="expected">An image.</param>
    /// <param name="actual">One of the same size.</param>
    public static double PeakSignalToNoise(Image expected, Image actual)
    {
        long squares = 0;
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            long difference = expected.Pixels[i] - actual.Pixels[i];
            squares += difference * difference;
        }

        return 10 * Math.Log10(255.0 * 255.0 * expected.Pixels.Length / Math.Max(1, squares));
    }
}
