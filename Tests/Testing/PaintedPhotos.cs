using MLClassify.Imaging;

namespace MLClassify.Testing;

/// <summary>Painted images that look as little like each other as photos do, and what cameras and people make of one.</summary>
public static class PaintedPhotos
{
    private const int Shapes = 60;

    /// <summary>A scene of many ellipses and boxes before a sloping background.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="seed">Decides the scene.</param>
    public static Image Paint(int width, int height, int seed)
    {
        var random = new Random(seed);
        var image = new Image(width, height);
        int[] slope = [random.Next(200), random.Next(200), random.Next(200)];
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width * 3; x++)
            {
                row[x] = (byte)((slope[x % 3] + (y * 50 / height)) + random.Next(6));
            }
        }

        for (int shape = 0; shape < Shapes; shape++)
        {
            int longest = Math.Max(width, height);
            (int left, int top, int radiusX, int radiusY) = (random.Next(width), random.Next(height), (longest / 50) + random.Next(longest / 8), (longest / 50) + random.Next(longest / 8));
            byte[] color = [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)];
            bool isBox = random.Next(2) == 0;
            for (int y = Math.Max(0, top - radiusY); y < Math.Min(height, top + radiusY); y++)
            {
                for (int x = Math.Max(0, left - radiusX); x < Math.Min(width, left + radiusX); x++)
                {
                    double dx = (x - left) / (double)radiusX;
                    double dy = (y - top) / (double)radiusY;
                    if (isBox || (dx * dx) + (dy * dy) < 1)
                    {
                        color.CopyTo(image.Row(y)[(3 * x)..]);
                    }
                }
            }
        }

        return image;
    }

    /// <summary>a part of an image, in a size of its own.</summary>
    /// <param name="image">The image.</param>
    /// <param name="share">The part's side, relative to the image's.</param>
    /// <param name="seed">Decides where it lies.</param>
    public static Image Crop(Image image, double share, int seed)
    {
        var random = new Random(seed);
        (int width, int height) = ((int)(image.Width * share), (int)(image.Height * share));
        (int left, int top) = (random.Next(image.Width - width + 1), random.Next(image.Height - height + 1));
        var part = new Image(width, height);
        for (int y = 0; y < height; y++)
        {
            image.Row(top + y)[(3 * left)..(3 * (left + width))].CopyTo(part.Row(y));
        }

        return part;
    }
}
