using System.IO.Compression;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Datasets;

/// <summary>A folder of images that was written.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Classes">How many classes have images in it.</param>
/// <param name="TrainImages">Its images, or those of <c>train/</c> where it has parts.</param>
/// <param name="TestImages">The images of <c>test/</c>.</param>
public sealed record UnpackedDataset(string Folder, int Classes, int TrainImages, int TestImages);

/// <summary>Writes images into the folders of their classes, and counts them.</summary>
/// <param name="root">The folder.</param>
/// <param name="progress">Receives the number of images written from time to time, or null for no reporting.</param>
/// <param name="time">The clock for the pause between two reports.</param>
/// <param name="cancellationToken">Cancels the work.</param>
internal sealed class DatasetWriter(string root, IProgress<int>? progress, TimeProvider time, CancellationToken cancellationToken)
{
    private const string TestPart = "test";
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _classes = new(StringComparer.Ordinal);
    private long? _reported;
    private int _train;
    private int _test;

    /// <summary>Writes an image as PNG.</summary>
    /// <param name="part">The part, or empty.</param>
    /// <param name="className">The class's folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="image">The image.</param>
    public void Write(string part, string className, string name, Image image)
    {
        using Stream stream = Create(part, className, name);
        PngEncoder.Encode(image, stream, CompressionLevel.Fastest);
    }

    /// <summary>Begins an image's file.</summary>
    /// <exception cref="InvalidDatasetException">There is one of that name already.</exception>
    public Stream Create(string part, string className, string name)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string folder = Path.Combine(root, part, className);
        if (_folders.Add(folder))
        {
            if (File.Exists(folder))
            {
                throw new InvalidDatasetException($"{Path.Combine(part, className)} is a file and a class");
            }

            Directory.CreateDirectory(folder);
        }

        _classes.Add(className);
        ref int count = ref part == TestPart ? ref _test : ref _train;
        count++;
        if (progress is not null && (_reported is not { } last || time.GetElapsedTime(last) > BetweenReports))
        {
            _reported = time.GetTimestamp();
            progress.Report(_train + _test);
        }

        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? throw new InvalidDatasetException($"the image {Path.Combine(part, className, name)} occurs twice")
            : new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Writes a text that belongs to the dataset, such as its license.</summary>
    /// <exception cref="InvalidDatasetException">There is something of that name already.</exception>
    public Stream CreateText(string name)
    {
        string path = Path.Combine(root, name);
        return Path.Exists(path)
            ? throw new InvalidDatasetException($"{name} occurs twice")
            : new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>What was written.</summary>
    /// <param name="folder">Where it is in the end.</param>
    public UnpackedDataset Summary(string folder) => new(folder, _classes.Count, _train, _test);
}
