namespace MLClassify.Imaging.Exif;

/// <summary>Turns an image upright.</summary>
internal static class OrientationTransform
{
    /// <summary>Applies an EXIF orientation.</summary>
    /// <param name="image">The image as it is stored; lent memory is given back where another image is made of it.</param>
    /// <param name="orientation">1 to 8; 1 gives the same object back.</param>
    /// <returns>The upright image; sides are exchanged for 5 to 8.</returns>
    public static Image Apply(Image image, int orientation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orientation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orientation, 8);
        if (orientation == ExifOrientation.Upright)
        {
            return image;
        }

        bool exchanged = orientation >= 5;
        int width = exchanged ? image.Height : image.Width;
        int height = exchanged ? image.Width : image.Height;

        // Stored position of the upright image's first pixel, and the steps in stored pixels per upright column and row.
        bool lastColumn = orientation is 2 or 3 or 7 or 8;
        bool lastRow = orientation is 3 or 4 or 6 or 7;
        nint start = ((lastRow ? image.Height - 1 : 0) * (nint)image.Width) + (lastColumn ? image.Width - 1 : 0);
        nint alongRow = lastColumn ? -1 : 1;
        nint alongColumn = lastRow ? -(nint)image.Width : image.Width;
        (nint stepX, nint stepY) = exchanged ? (alongColumn, alongRow) : (alongRow, alongColumn);

        Image upright = image.IsLent
            ? Image.Rent(width, height)
            : new Image(width, height, GC.AllocateUninitializedArray<byte>(checked(width * height * 3)));
        Span<byte> stored = image.Pixels;
        for (int y = 0; y < height; y++)
        {
            nint source = (start + (y * stepY)) * 3;
            Span<byte> row = upright.Row(y);
            for (int x = 0; x < row.Length; x += 3, source += stepX * 3)
            {
                row[x] = stored[(int)source];
                row[x + 1] = stored[(int)source + 1];
                row[x + 2] = stored[(int)source + 2];
            }
        }

        upright.Low = image.Low is { } low ? Apply(low, orientation) : null;
        image.Return();
        return upright;
    }
}
