namespace MLClassify.Imaging.Resizing;

/// <summary>Mirrors images.</summary>
internal static class ImageFlipper
{
    /// <summary>Mirrors left and right, in place.</summary>
    /// <param name="pixels">Interleaved pixels, <c>[Height, Width, 3]</c>.</param>
    /// <param name="width">Width in pixels; the length of <paramref name="pixels"/> is a multiple of three times this.</param>
    /// <exception cref="ArgumentException">The length is not a whole number of rows.</exception>
    public static void FlipHorizontally(Span<byte> pixels, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        int stride = checked(width * 3);
        if (pixels.Length % stride != 0)
        {
            throw new ArgumentException($"{pixels.Length} bytes are not a whole number of rows of {width} RGB pixels.", nameof(pixels));
        }

        for (int start = 0; start < pixels.Length; start += stride)
        {
            FlipRow(pixels.Slice(start, stride));
        }
    }

    private static void FlipRow(Span<byte> row)
    {
        int left = 0;
        int right = row.Length - 3;
        while (left < right)
        {
            (row[left], row[right]) = (row[right], row[left]);
            (row[left + 1], row[right + 1]) = (row[right + 1], row[left + 1]);
            (row[left + 2], row[right + 2]) = (row[right + 2], row[left + 2]);
            left += 3;
            right -= 3;
        }
    }
}
