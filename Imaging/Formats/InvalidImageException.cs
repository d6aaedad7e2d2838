namespace MLClassify.Imaging;

/// <summary>The content is not an image, or is damaged. The message says what was found, what was expected, and where.</summary>
public sealed class InvalidImageException : Exception
{
    /// <summary>Describes damage at a place in the file.</summary>
    /// <param name="format">The format's name, such as <c>JPEG</c>; null when no format was recognized.</param>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="offset">The byte offset of the problem, or -1 when there is none.</param>
    /// <param name="innerException">The cause, if any.</param>
    public InvalidImageException(string? format, string problem, long offset = -1, Exception? innerException = null)
        : base(ImageErrors.Describe(format, problem, offset), innerException)
    {
        Format = format;
        Offset = offset;
    }

    /// <summary>What is wrong, after the name of the file where that is known.</summary>
    public override string Message => ImageErrors.WithFile(File, Problem);

    /// <summary>What is wrong, without the file's name.</summary>
    public string Problem => base.Message;

    /// <summary>The file, as the caller named it; null where the image came as bytes.</summary>
    public string? File { get; internal set; }

    /// <summary>Whether the image's data ends too early, as in a file that is still being written or was cut off: trying again later may help.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>The recognized format, or null.</summary>
    public string? Format { get; }

    /// <summary>The byte offset of the problem, or -1.</summary>
    public long Offset { get; }

    /// <summary>Whether it is the image's size alone: more pixels than <see cref="DecodeOptions.MaxPixels"/>, or than one array can hold.</summary>
    public bool IsTooLarge { get; init; }
}
