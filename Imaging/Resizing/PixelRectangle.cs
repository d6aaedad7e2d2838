namespace MLClassify.Imaging.Resizing;

/// <summary>A rectangle of whole pixels within an image.</summary>
/// <param name="X">The first column, from 0 at the left.</param>
/// <param name="Y">The first row, from 0 at the top.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PixelRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>The rectangle that covers a whole image.</summary>
    /// <param name="image">The image.</param>
    internal static PixelRectangle Whole(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new PixelRectangle(0, 0, image.Width, image.Height);
    }

    /// <summary>Whether the rectangle is not empty and lies within an image of the given size.</summary>
    /// <param name="width">The image's width in pixels.</param>
    /// <param name="height">The image's height in pixels.</param>
    internal bool FitsIn(int width, int height) =>
        X >= 0 && Y >= 0 && Width >= 1 && Height >= 1 && X <= width - Width && Y <= height - Height;
}
