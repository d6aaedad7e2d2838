namespace MLClassify.Imaging.Resizing;

/// <summary>A rectangle of whole pixels within a picture.</summary>
/// <param name="X">The first column, from 0 at the left.</param>
/// <param name="Y">The first row, from 0 at the top.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct PixelRectangle(int X, int Y, int Width, int Height)
{
    /// <summary>The rectangle that covers a whole picture.</summary>
    /// <param name="image">The picture.</param>
    public static PixelRectangle Whole(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new PixelRectangle(0, 0, image.Width, image.Height);
    }

    /// <summary>Whether the rectangle is not empty and lies within a picture of the given size.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public bool FitsIn(int width, int height) =>
        X >= 0 && Y >= 0 && Width >= 1 && Height >= 1 && X <= width - Width && Y <= height - Height;
}
