namespace MLClassify.Imaging.Resizing;

/// <summary>
/// "Cut <see cref="Source"/> out of the image, resize it to <see cref="Width"/> x <see cref="Height"/>, and give me the window
/// at <see cref="Left"/>, <see cref="Top"/>": three steps that are computed as one, so that nothing outside the window costs time.
/// </summary>
internal readonly record struct ResizeRequest
{
    /// <summary>The part of the image that is resized. Pixels outside do not contribute, as if it had been cut out first.</summary>
    public required PixelRectangle Source { get; init; }

    /// <summary>
    /// Width in pixels that <see cref="Source"/> would have after resizing, at least 1. May exceed any real image: only the window is
    /// computed.
    /// </summary>
    public required long Width { get; init; }

    /// <summary>Height in pixels that <see cref="Source"/> would have after resizing, at least 1.</summary>
    public required long Height { get; init; }

    /// <summary>The window's first column in the resized image.</summary>
    public long Left { get; init; }

    /// <summary>The window's first row in the resized image.</summary>
    public long Top { get; init; }

    /// <summary>The window's width in pixels, at least 1.</summary>
    public required int WindowWidth { get; init; }

    /// <summary>The window's height in pixels, at least 1.</summary>
    public required int WindowHeight { get; init; }

    /// <summary>The filter. Default <see cref="Interpolation.Bilinear"/>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>A request with the default filter.</summary>
    public ResizeRequest()
    {
    }

    internal void Validate(Image image)
    {
        if (!Source.FitsIn(image.Width, image.Height))
        {
            throw new ArgumentException($"The region {Source} does not lie within the {image.Width} x {image.Height} image.");
        }

        if (Width < 1 || Height < 1 || WindowWidth < 1 || WindowHeight < 1
            || Left < 0 || Top < 0 || Left > Width - WindowWidth || Top > Height - WindowHeight)
        {
            throw new ArgumentException(
                $"The window {WindowWidth} x {WindowHeight} at ({Left}, {Top}) does not lie within the resized {Width} x {Height} image.");
        }

        if (!Enum.IsDefined(Interpolation))
        {
            throw new ArgumentException($"Unknown interpolation {(int)Interpolation}.");
        }
    }
}
