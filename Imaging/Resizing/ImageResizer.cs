namespace MLClassify.Imaging.Resizing;

/// <summary>Resizes images, bit for bit as Pillow's <c>Image.resize</c> does for 8-bit channels.</summary>
public static class ImageResizer
{
    /// <summary>Resizes a whole image.</summary>
    /// <param name="image">The image, <c>[Height, Width, 3]</c>.</param>
    /// <param name="width">The new width in pixels, at least 1.</param>
    /// <param name="height">The new height in pixels, at least 1.</param>
    /// <param name="interpolation">The filter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or the result would exceed 2^31 bytes.</exception>
    public static Image Resize(Image image, int width, int height, Interpolation interpolation = Interpolation.Bilinear)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(width, height);
        var request = new ResizeRequest
        {
            Source = PixelRectangle.Whole(image),
            Width = width,
            Height = height,
            WindowWidth = width,
            WindowHeight = height,
            Interpolation = interpolation,
        };
        Resize(image, request, result.Pixels);
        return result;
    }

    /// <summary>Cuts out, resizes and cuts again in one go; only the pixels of the window are computed.</summary>
    /// <param name="image">The image, <c>[Height, Width, 3]</c>.</param>
    /// <param name="request">The region, the size and the window.</param>
    /// <param name="destination">Receives <c>[WindowHeight, WindowWidth, 3]</c>; exactly that long.</param>
    /// <exception cref="ArgumentException">The region or the window lies outside, or the destination has another length.</exception>
    internal static void Resize(Image image, in ResizeRequest request, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        request.Validate(image);
        long needed = 3L * request.WindowWidth * request.WindowHeight;
        if (destination.Length != needed)
        {
            throw new ArgumentException(
                $"A window of {request.WindowWidth} x {request.WindowHeight} needs {needed} bytes, got {destination.Length}.",
                nameof(destination));
        }

        if (request.Interpolation == Interpolation.Nearest)
        {
            NearestResampler.Resample(image, request, destination);
        }
        else
        {
            Resampler.Resample(image, request, destination);
        }
    }
}
