namespace MLClassify.Imaging;

public sealed partial class Image
{
    /// <summary>Decodes an image file; its content decides the format, never its extension.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Image Load(string path, DecodeOptions? options = null)
    {
        try
        {
            return ImageDecoder.Load(path, options);
        }
        catch (InvalidImageException e)
        {
            e.File = path;
            throw;
        }
        catch (UnsupportedImageException e)
        {
            e.File = path;
            throw;
        }
    }

    /// <summary>Decodes an encoded image from a stream, which is read to its end; its content decides the format.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Image Load(Stream stream, DecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return Decode(content.GetBuffer().AsSpan(0, (int)content.Length), options);
    }

    /// <summary>Decodes an image file on the thread pool; its content decides the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call before decoding begins.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public static Task<Image> LoadAsync(string path, DecodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Load(path, options), cancellationToken);
    }

    /// <summary>Decodes an encoded image from a stream, which is read asynchronously to its end; the thread pool decodes.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <param name="cancellationToken">Cancels the call before decoding begins.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public static async Task<Image> LoadAsync(Stream stream, DecodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Decode(content.GetBuffer().AsSpan(0, (int)content.Length), options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decodes an encoded image in memory; its content decides the format.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="options">Limits and orientation; defaults when null.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded here.</exception>
    public static Image Decode(ReadOnlySpan<byte> encoded, DecodeOptions? options = null) => ImageDecoder.Decode(encoded, options);
}
