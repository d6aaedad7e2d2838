using System.Globalization;

namespace MLClassify.Datasets;

/// <summary>
/// A folder that holds a dataset as its authors pack it: CIFAR-10's or CIFAR-100's binary or Python batches, or MNIST's IDX files. It
/// becomes a folder of images, which everything else reads, by <see cref="WriteFolder"/>.
/// </summary>
public sealed class RawDataset
{
    private const int LongestNames = 1 << 16;
    private const int TrainingBatches = 5;
    private const string TrainPart = "train";
    private const string TestPart = "test";

    private readonly RawFormat _format;
    private readonly RawPart[] _parts;

    private RawDataset(string root, RawFormat format, RawPart[] parts, IReadOnlyList<string> classNames)
    {
        (Root, _format, _parts, ClassNames) = (root, format, parts, classNames);
    }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>The classes' names as the files have them; digits where they have none.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Whether a folder holds such files, judged by their names.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsPackedFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Directory.Exists(folder) && Recognize(Path.GetFullPath(folder)) is not null;
    }

    /// <summary>Finds out what a folder holds; no images are read yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="classNames">The classes' names in the order of their labels; those of the files when null.</param>
    /// <exception cref="InvalidDatasetException">It holds nothing that is known, or lacks a part of it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RawDataset Open(string folder, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new InvalidDatasetException($"The folder {root} does not exist.");
        }

        if (Recognize(root) is not { } format)
        {
            throw new InvalidDatasetException(
                $"{root} holds neither CIFAR's batches (batches.meta.txt, batches.meta, fine_label_names.txt or meta) nor IDX files (train-images-idx3-ubyte).");
        }

        RawPart[] parts = Parts(root, format);
        foreach (string file in parts.SelectMany(part => part.Files).Where(file => !File.Exists(file)))
        {
            throw new InvalidDatasetException($"{root}: the file {Path.GetFileName(file)} is missing.");
        }

        return new RawDataset(root, format, parts, classNames ?? ReadNames(root, format));
    }

    /// <summary>Reads a part, file by file.</summary>
    /// <param name="part"><c>train</c> or <c>test</c>.</param>
    /// <exception cref="InvalidDatasetException">A file is damaged, or a label has no class.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IEnumerable<RawImages> Read(string part)
    {
        RawPart files = Array.Find(_parts, candidate => candidate.Name == part)
            ?? throw new ArgumentException($"There is no part '{part}'; there are train and test.", nameof(part));
        return _format == RawFormat.Idx ? [Check(IdxFile.ReadImages(files.Files[0], files.Files[1]), files.Files[1])] : files.Files.Select(ReadBatch);
    }

    /// <summary>Writes the images as PNG files: <c>train/CLASS/00000.png</c>, ..., <c>test/CLASS/...</c>, numbered as in the files.</summary>
    /// <param name="folder">The folder; it appears whole or not at all, and must not hold anything yet.</param>
    /// <param name="progress">Receives the number of images written from time to time, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work; nothing is left behind.</param>
    /// <exception cref="InvalidDatasetException">A file is damaged.</exception>
    /// <exception cref="IOException">The folder is not empty or cannot be written, or a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public UnpackedDataset WriteFolder(string folder, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        using var target = new NewFolder(folder);
        var writer = new DatasetWriter(target.Path, progress, TimeProvider.System, cancellationToken);
        WriteTo(writer);
        target.Complete();
        return writer.Summary(target.FinalPath);
    }

    /// <summary>Four IDX files: images and labels to learn from, images and labels to test with.</summary>
    internal static RawDataset OfIdx(IReadOnlyList<string> files, IReadOnlyList<string> classNames) => new(
        Path.GetDirectoryName(files[0]) ?? "",
        RawFormat.Idx,
        [new RawPart(TrainPart, [files[0], files[1]]), new RawPart(TestPart, [files[2], files[3]])],
        classNames);

    /// <summary>Writes every image.</summary>
    internal void WriteTo(DatasetWriter writer)
    {
        string[] folders = ClassFolders.Names(ClassNames, Root);
        foreach (RawPart part in _parts)
        {
            int number = 0;
            foreach (RawImages images in Read(part.Name))
            {
                for (int i = 0; i < images.Count; i++)
                {
                    writer.Write(part.Name, folders[images.Labels[i]], $"{number++.ToString("D5", CultureInfo.InvariantCulture)}.png", images[i]);
                }
            }
        }
    }

    private RawImages ReadBatch(string path) => Check(
        _format switch
        {
            RawFormat.Cifar10Binary => CifarBatch.ReadBinary(path),
            RawFormat.Cifar100Binary => CifarBatch.ReadBinary(path, CifarKind.Cifar100),
            _ => CifarBatch.ReadPython(path),
        },
        path);

    private RawImages Check(RawImages images, string path)
    {
        for (int i = 0; i < images.Count; i++)
        {
            if (images.Labels[i] >= ClassNames.Count)
            {
                throw new InvalidDatasetException(FormattableString.Invariant($"{path}: image {i} has label {images.Labels[i]}; there are {ClassNames.Count} classes"));
            }
        }

        return images;
    }

    private static RawFormat? Recognize(string root)
    {
        bool Has(string name) => File.Exists(Path.Combine(root, name));
        return Has("batches.meta.txt") ? RawFormat.Cifar10Binary
            : Has("fine_label_names.txt") ? RawFormat.Cifar100Binary
            : Has("batches.meta") || (Has("meta") && Has("train")) ? RawFormat.CifarPython
            : Has("train-images-idx3-ubyte") || Has("train-images-idx3-ubyte.gz") ? RawFormat.Idx
            : null;
    }

    private static RawPart[] Parts(string root, RawFormat format)
    {
        RawPart Part(string name, params IEnumerable<string> files) => new(name, [.. files.Select(file => Path.Combine(root, file))]);
        string Idx(string name) => File.Exists(Path.Combine(root, name)) ? name : name + ".gz";
        IEnumerable<string> Batches(string end) => Enumerable.Range(1, TrainingBatches).Select(i => FormattableString.Invariant($"data_batch_{i}{end}"));
        return format switch
        {
            RawFormat.Cifar10Binary => [Part(TrainPart, Batches(".bin")), Part(TestPart, "test_batch.bin")],
            RawFormat.Cifar100Binary => [Part(TrainPart, "train.bin"), Part(TestPart, "test.bin")],
            RawFormat.CifarPython when File.Exists(Path.Combine(root, "batches.meta")) => [Part(TrainPart, Batches("")), Part(TestPart, "test_batch")],
            RawFormat.CifarPython => [Part(TrainPart, "train"), Part(TestPart, "test")],
            _ =>
            [
                Part(TrainPart, Idx("train-images-idx3-ubyte"), Idx("train-labels-idx1-ubyte")),
                Part(TestPart, Idx("t10k-images-idx3-ubyte"), Idx("t10k-labels-idx1-ubyte")),
            ],
        };
    }

    private static string[] ReadNames(string root, RawFormat format)
    {
        switch (format)
        {
            case RawFormat.Cifar10Binary:
                return Lines(Path.Combine(root, "batches.meta.txt"));
            case RawFormat.Cifar100Binary:
                return Lines(Path.Combine(root, "fine_label_names.txt"));
            case RawFormat.CifarPython:
                string ten = Path.Combine(root, "batches.meta");
                var meta = CifarPickle.Read(File.Exists(ten) ? ten : Path.Combine(root, "meta"));
                return meta.Texts(File.Exists(ten) ? "label_names" : "fine_label_names");
            default:
                return [.. Enumerable.Range(0, 10).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        }
    }

    private static string[] Lines(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= LongestNames
            ? [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)]
            : throw new InvalidDatasetException(FormattableString.Invariant($"{path}: found {length} bytes, expected a list of names"));
    }
}
