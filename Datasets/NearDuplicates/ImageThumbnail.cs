using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Datasets;

/// <summary>What an image is recognized by in another: a small gray copy and its distinctive places on several levels.</summary>
internal sealed class ImageThumbnail
{
    /// <summary>The longer side.</summary>
    public const int Size = 96;

    private const int ShortestSide = 32;

    // Each a fourth root of two smaller, and with fewer places to be found.
    private static readonly (float Scale, int Most)[] Levels = [(1, 40), (0.841f, 32), (0.707f, 24), (0.595f, 20)];

    /// <summary>Makes it of an image; one that is a long strip has no places.</summary>
    public ImageThumbnail(Image image)
    {
        double scale = (double)Size / Math.Max(image.Width, image.Height);
        int width = Math.Max(1, (int)Math.Round(image.Width * scale));
        int height = Math.Max(1, (int)Math.Round(image.Height * scale));
        Image small = ImageResizer.Resize(image, width, height);
        Gray = new GrayLevel(small);
        Color = Mean(small);
        Keypoints = Math.Min(width, height) < ShortestSide
            ? []
            : [.. Levels.SelectMany(level => (level.Scale == 1 ? Gray : new GrayLevel(ImageResizer.Resize(small, (int)(width * level.Scale), (int)(height * level.Scale)))).Keypoints(level.Most, level.Scale))];
    }

    public GrayLevel Gray { get; }

    /// <summary>The mean of red, green and blue.</summary>
    public (double Red, double Green, double Blue) Color { get; }

    public IReadOnlyList<Keypoint> Keypoints { get; }

    private static (double Red, double Green, double Blue) Mean(Image image)
    {
        Span<long> sums = stackalloc long[3];
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            sums[i % 3] += pixels[i];
        }

        double count = pixels.Length / 3;
        return (sums[0] / count, sums[1] / count, sums[2] / count);
    }
}
