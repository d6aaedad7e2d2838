using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify.Evaluation;

/// <summary>Lays a heat map over the picture that it explains.</summary>
public static class HeatMapPainter
{
    // The frame around what the network sees is this share of the picture's short side wide, and at least a pixel.
    private const double FrameShare = 1 / 200.0;

    /// <summary>Draws the picture with its hot places coloured, and what the network does not see dimmed.</summary>
    /// <param name="picture">The picture, upright; not changed.</param>
    /// <param name="map">The heat map.</param>
    /// <param name="region">Which part of the picture the network's input shows.</param>
    /// <param name="options">How; defaults when null.</param>
    /// <returns>A picture of the same size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static Image Draw(Image picture, HeatMap map, PictureRegion region, HeatMapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new HeatMapOptions();
        options.Validate();
        double frame = Math.Max(1, FrameShare * Math.Min(picture.Width, picture.Height));
        var result = new Image(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            Span<byte> from = picture.Row(y);
            Span<byte> to = result.Row(y);
            for (int x = 0; x < picture.Width; x++)
            {
                double insideX = Math.Min(x + 0.5 - region.X, region.X + region.Width - x - 0.5);
                double insideY = Math.Min(y + 0.5 - region.Y, region.Y + region.Height - y - 0.5);
                double inside = Math.Min(insideX, insideY);
                Span<byte> pixel = to.Slice(3 * x, 3);
                from.Slice(3 * x, 3).CopyTo(pixel);
                if (inside >= 0)
                {
                    Heat(pixel, map.At((x + 0.5 - region.X) / region.Width, (y + 0.5 - region.Y) / region.Height), options.Alpha);
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

    // Cold places stay as they are: the colour comes with the heat, quickly at first, so that a half-hot place is seen as such.
    private static void Heat(Span<byte> pixel, double heat, double alpha)
    {
        double cover = alpha * Math.Sqrt(heat);
        (byte red, byte green, byte blue) = HeatColors.Of(heat);
        pixel[0] = Mix(pixel[0], red, cover);
        pixel[1] = Mix(pixel[1], green, cover);
        pixel[2] = Mix(pixel[2], blue, cover);
    }

    private static void Dim(Span<byte> pixel, double brightness)
    {
        foreach (ref byte value in pixel)
        {
            value = (byte)Math.Round(value * brightness);
        }
    }

    private static byte Mix(byte under, byte over, double cover) => (byte)Math.Round(under + ((over - under) * cover));
}
