using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify.Models;

/// <summary>Lays a heat map over the image that it explains.</summary>
internal static class HeatMapPainter
{
    // The frame around what the network sees is this share of the image's short side wide, and at least a pixel.
    private const double FrameShare = 1 / 200.0;

    /// <summary>Draws the image with its hot places colored, and what the network does not see dimmed.</summary>
    /// <param name="image">The image, upright; not changed.</param>
    /// <param name="map">The heat map.</param>
    /// <param name="region">Which part of the image the network's input shows.</param>
    /// <param name="options">How; defaults when null.</param>
    /// <returns>An image of the same size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static Image Draw(Image image, HeatMap map, ImageRegion region, HeatMapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new HeatMapOptions();
        options.Validate();
        double frame = Math.Max(1, FrameShare * Math.Min(image.Width, image.Height));
        var result = new Image(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> from = image.Row(y);
            Span<byte> to = result.Row(y);
            for (int x = 0; x < image.Width; x++)
            {
                double insideX = Math.Min(x + 0.5 - region.X, region.X + region.Width - x - 0.5);
                double insideY = Math.Min(y + 0.5 - region.Y, region.Y + region.Height - y - 0.5);
                double inside = Math.Min(insideX, insideY);
                Span<byte> pixel = to.Slice(3 * x, 3);
                from.Slice(3 * x, 3).CopyTo(pixel);
                if (inside >= 0)
                {
                    Heat(pixel, map.At((x + 0.5 - region.X) / region.Width, (y + 0.5 - region.Y) / region.Height), options);
                }
                else if (inside >= -frame)
                {
                    pixel.Fill(byte.MaxValue);
                }
                else
                {
                    Dim(pixel, options.OutsideBrightness);
                }
            }
        }

        return result;
    }

    // The color comes with the heat, quickly at first, so that a half-hot place is seen as such; cold places stay uncovered.
    private static void Heat(Span<byte> pixel, double heat, HeatMapOptions options)
    {
        double cover = options.Alpha * Math.Sqrt(heat);
        double luma = (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]);
        (byte red, byte green, byte blue) = HeatColors.Of(heat);
        pixel[0] = Blend(pixel[0], red);
        pixel[1] = Blend(pixel[1], green);
        pixel[2] = Blend(pixel[2], blue);

        byte Blend(byte under, byte over)
        {
            double muted = luma + ((under - luma) * options.Saturation);
            return (byte)Math.Round(muted + ((over - muted) * cover));
        }
    }

    private static void Dim(Span<byte> pixel, double brightness)
    {
        foreach (ref byte value in pixel)
        {
            value = (byte)Math.Round(value * brightness);
        }
    }
}
