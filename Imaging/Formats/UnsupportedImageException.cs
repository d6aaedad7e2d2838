namespace MLClassify.Imaging;

/// <summary>A valid image in a format, or with a feature, that is not decoded here. The message names it.</summary>
public sealed class UnsupportedImageException : Exception
{
    /// <summary>Names the feature.</summary>
    /// <param name="format">The format's name, such as <c>WebP</c>.</param>
    /// <param name="feature">What is not supported, such as <c>arithmetic coding is not supported</c>.</param>
    /// <param name="offset">The byte offset where the feature shows, or -1.</param>
    public UnsupportedImageException(string format, string feature, long offset = -1)
        : base(ImageErrors.Describe(format, feature, offset))
    {
        Format = format;
    }

    /// <summary>What is not supported, after the name of the file where that is known.</summary>
    public override string Message => ImageErrors.WithFile(File, Problem);

    /// <summary>What is not supported, without the file's name.</summary>
    public string Problem => base.Message;

    /// <summary>The file, as the caller named it; null where the image came as bytes.</summary>
    public string? File { get; internal set; }

    /// <summary>The recognized format.</summary>
    public string Format { get; }

    /// <summary>Whether it is the image's size alone: more pixels than <see cref="DecodeOptions.MaxPixels"/>, or than one array can hold.</summary>
    public bool IsTooLarge { get; init; }
}
