using MLClassify.Datasets;
using MLClassify.Imaging;

namespace MLClassify;

/// <summary>An encoded image and its class: a file, or bytes that are not a file of their own.</summary>
/// <param name="Path">The file; for an image that is no file, the name that messages and reports show.</param>
/// <param name="Label">The class's index, from 0.</param>
/// <remarks>Two samples are equal when path, label, group and source are: the same file, or the same memory.</remarks>
public readonly record struct ImageSample(string Path, int Label)
{
    /// <summary>
    /// What the image shows that others show, too, such as a patient or a moment; null for nothing. A split keeps images with the same text
    /// on one side. Default null.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>Where the bytes come from; null for a file.</summary>
    internal SampleContent? Content { get; init; }

    /// <summary>Makes a sample of an encoded image in memory.</summary>
    /// <param name="name">
    /// What messages and reports call it. Names should be distinct within a dataset: they decide the order within a class before a split,
    /// and images that cannot be read are reported once a name.
    /// </param>
    /// <param name="bytes">What would be in the file: JPEG, PNG, BMP or GIF. Not copied, so not to be changed afterwards.</param>
    /// <param name="label">The class's index, from 0.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static ImageSample FromBytes(string name, ReadOnlyMemory<byte> bytes, int label)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ImageSample(name, label) { Content = new SampleContent(bytes) };
    }

    /// <summary>Opens the encoded image at its beginning.</summary>
    /// <returns>The stream, disposed by the caller.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public Stream OpenRead() => Content is { } content ? content.Open() : File.OpenRead(Path);

    /// <summary>Reads and decodes the image, upright.</summary>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public Image LoadImage() => Content is { } content ? Image.Decode(content.Bytes.Span) : Image.Load(Path);

    /// <summary>The file and its label: <c>roses/1.jpg (label 2)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path} (label {Label})");
}
