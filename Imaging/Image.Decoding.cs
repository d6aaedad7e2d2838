namespace MLClassify.Imaging;

public sealed partial class Image
{
    /// <summary>Decodes an image file; its content decides the format, never its extension.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path, DecodeOptions? options = null) => ImageDecoder.Load(path, options);

    /// <summary>Decodes an encoded image in memory; its content decides the format.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions? options = null) => ImageDecoder.Decode(encoded, options);
}
