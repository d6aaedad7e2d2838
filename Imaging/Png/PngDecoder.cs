using MLClassify.Imaging.Exif;

namespace MLClassify.Imaging.Png;

/// <summary>Decodes PNG (W3C, third edition); of an animation, the default image.</summary>
internal static class PngDecoder
{
    /// <summary>Decodes a file that begins with PNG's signature.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="options">Limits and orientation.</param>
    /// <exception cref="InvalidImageException">The file is damaged.</exception>
    /// <exception cref="UnsupportedImageException">The image is too large, or has a critical chunk that is not known.</exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        PngContent content = PngContent.Parse(encoded, options);
        PngHeader header = content.Header;
        PngPass[] passes = PngPass.Of(header);
        PngRows.CheckDataSuffices(header, passes, content.Compressed.Length, content.Offset);

        Image image = options.LendsPixels ? Image.Rent(header.Width, header.Height) : new Image(header.Width, header.Height);
        image.Low = header.BitDepth == 16 ? new Image(header.Width, header.Height) : null;
        var pixels = new PngPixels(header, content.Palette);
        using var rows = new PngRows(header, content.Compressed, content.Offset);
        foreach (PngPass pass in passes)
        {
            rows.StartPass();
            for (int y = 0; y < pass.Height; y++)
            {
                int at = pass.StartY + (y * pass.StepY);
                if (image.Low is { } low)
                {
                    pixels.Write(rows.Next(pass, y), pass, image.Row(at), low.Row(at));
                }
                else
                {
                    pixels.Write(rows.Next(pass, y), pass, image.Row(at));
                }
            }
        }

        rows.CheckEnd();

        return options.ApplyOrientation ? OrientationTransform.Apply(image, PngOrientation.Read(encoded)) : image;
    }
}
