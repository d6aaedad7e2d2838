namespace MLClassify.Imaging;

/// <summary>Recognises formats by content.</summary>
public static class ImageFormats
{
    /// <summary>Tells the format from a file's first bytes.</summary>
    /// <param name="encoded">The file's bytes; the first 32 suffice.</param>
    /// <exception cref="InvalidImageException">No picture format begins like this.</exception>
    public static ImageFormat Detect(ReadOnlySpan<byte> encoded) => throw new InvalidImageException(null, "not written yet", 0);

    /// <summary>The format's usual name, for messages.</summary>
    /// <param name="format">The format.</param>
    public static string Name(ImageFormat format) => format.ToString();
}
