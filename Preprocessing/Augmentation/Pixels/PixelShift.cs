namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>Moves an image by whole pixels within its frame.</summary>
internal static class PixelShift
{
    /// <summary>Moves to the right and down, or left and up where negative; what is emptied is filled.</summary>
    public static void Apply(Span<byte> pixels, int width, int height, int right, int down, RgbColor fill)
    {
        if (Math.Abs(right) >= width || Math.Abs(down) >= height)
        {
            fill.Fill(pixels);
            return;
        }

        int stride = 3 * width;
        int kept = 3 * (width - Math.Abs(right));
        int from = 3 * Math.Max(-right, 0);
        int to = 3 * Math.Max(right, 0);
        for (int i = 0; i < height; i++)
        {
            // Away from where the rows go, so that none is overwritten before it is read.
            int y = down > 0 ? height - 1 - i : i;
            Span<byte> row = pixels.Slice(y * stride, stride);
            if ((uint)(y - down) >= (uint)height)
            {
                fill.Fill(row);
                continue;
            }

            pixels.Slice(((y - down) * stride) + from, kept).CopyTo(row[to..]);
            fill.Fill(right > 0 ? row[..to] : row[kept..]);
        }
    }
}
