using System.Globalization;

namespace MLClassify.Imaging;

/// <summary>The one check of a claimed size, before anything is allocated for it.</summary>
internal static class SizeLimit
{
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="width">The claimed width in pixels.</param>
    /// <param name="height">The claimed height in pixels.</param>
    /// <param name="options">Holds the limit.</param>
    /// <param name="offset">Where in the file the size stands.</param>
    /// <exception cref="InvalidImageException">A side is below 1.</exception>
    /// <exception cref="UnsupportedImageException">The image exceeds the limit, or what one array can hold.</exception>
    public static void Check(string format, long width, long height, DecodeOptions options, long offset)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"the image is {width} x {height} pixels");
        if (width < 1 || height < 1)
        {
            throw new InvalidImageException(format, $"{size}; both sides must be at least 1", offset);
        }

        long limit = Math.Min(options.MaxPixels, Array.MaxLength / 3);
        if (width > limit / height)
        {
            string excess = string.Create(
                CultureInfo.InvariantCulture, $"{size}, more than the limit of {limit} in all (DecodeOptions.MaxPixels)");
            throw new UnsupportedImageException(format, excess, offset) { IsTooLarge = true };
        }
    }
}
