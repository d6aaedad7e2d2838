namespace MLClassify.Imaging.Gif;

/// <summary>
/// Decodes the first frame of a GIF (87a, 89a) as Pillow does: on a screen filled with the transparent color, or with color 0.
/// </summary>
internal static class GifDecoder
{
    // A frame on a far larger screen would buy much memory for few bytes; no camera, tool or page makes such files.
    private const long LargestScreenWithoutQuestion = 1 << 22;
    private const long LargestScreenToFrame = 64;

    private static readonly (int Start, int Step)[] InterlacePasses = [(0, 8), (4, 8), (2, 4), (1, 2)];
    private static readonly (int Start, int Step)[] OnePass = [(0, 1)];

    /// <summary>Decodes a file that begins with GIF's signature.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="options">Limits; GIF has no orientation.</param>
    /// <exception cref="InvalidImageException">The file is damaged.</exception>
    /// <exception cref="UnsupportedImageException">The image is too large.</exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        GifFrame frame = GifFrame.Parse(encoded, options);
        CheckDataSuffices(frame);

        var indices = new byte[frame.Width * frame.Height];
        new GifLzw(frame.Compressed, frame.MinimumCodeSize, frame.Offset).Decode(indices);

        var image = new Image(frame.ScreenWidth, frame.ScreenHeight);
        if (indices.Length < frame.ScreenWidth * frame.ScreenHeight)
        {
            Fill(image, frame.Colors, Math.Max(frame.Transparent, 0));
        }

        Paint(image, frame, indices);
        return image;
    }

    private static void CheckDataSuffices(GifFrame frame)
    {
        long pixels = (long)frame.Width * frame.Height;
        if (pixels > GifLzw.LargestOutput(frame.Compressed.Length, frame.MinimumCodeSize))
        {
            throw GifErrors.Invalid(
                $"the first frame is {frame.Width} x {frame.Height} pixels; its {frame.Compressed.Length} bytes of data cannot hold them",
                frame.Offset);
        }

        long screen = (long)frame.ScreenWidth * frame.ScreenHeight;
        if (screen > LargestScreenWithoutQuestion && screen / LargestScreenToFrame > pixels)
        {
            throw GifErrors.Invalid(
                $"the screen is {frame.ScreenWidth} x {frame.ScreenHeight} pixels, but the first frame only {frame.Width} x {frame.Height}",
                frame.Offset);
        }
    }

    private static void Fill(Image image, byte[] colors, int index)
    {
        Span<byte> pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i += 3)
        {
            ColorTable.Write(colors, index, pixels[i..]);
        }
    }

    private static void Paint(Image image, GifFrame frame, ReadOnlySpan<byte> indices)
    {
        foreach ((int start, int step) in frame.Interlaced ? InterlacePasses : OnePass)
        {
            for (int y = start; y < frame.Height; y += step)
            {
                ColorTable.WriteRow(frame.Colors, indices[..frame.Width], image.Row(frame.Top + y)[(frame.Left * 3)..]);
                indices = indices[frame.Width..];
            }
        }
    }
}
