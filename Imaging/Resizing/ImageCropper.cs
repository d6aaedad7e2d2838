namespace MLClassify.Imaging.Resizing;

/// <summary>Cuts images.</summary>
internal static class ImageCropper
{
    /// <summary>Copies a rectangle out of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="region">The rectangle, within the image.</param>
    /// <exception cref="ArgumentException">The rectangle is empty or does not lie within the image.</exception>
    public static Image Crop(Image image, PixelRectangle region)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!region.FitsIn(image.Width, image.Height))
        {
            throw new ArgumentException(
                $"The region {region} does not lie within the {image.Width} x {image.Height} image.", nameof(region));
        }

        var result = new Image(region.Width, region.Height);
        for (int y = 0; y < region.Height; y++)
        {
            image.Row(region.Y + y).Slice(region.X * 3, region.Width * 3).CopyTo(result.Row(y));
        }

        return result;
    }

    /// <summary>
    /// The offset of a centered window, <c>round((size - window) / 2)</c> with halves to even, as torchvision's <c>CenterCrop</c> places it.
    /// Negative when the window is larger.
    /// </summary>
    /// <param name="size">The image's side in pixels.</param>
    /// <param name="window">The window's side in pixels.</param>
    public static long CenterOffset(long size, long window)
    {
        long slack = size - window;
        long half = slack >> 1;
        return (slack & 1) == 0 || (half & 1) == 0 ? half : half + 1;
    }
}
