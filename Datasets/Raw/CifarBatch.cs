namespace MLClassify.Datasets;

/// <summary>Which of the CIFAR datasets a file is of.</summary>
public enum CifarKind
{
    /// <summary>10 classes; a record has one label.</summary>
    Cifar10,

    /// <summary>100 classes; a record has a coarse label, which is not used, and a fine one.</summary>
    Cifar100,
}

/// <summary>
/// Files of the CIFAR datasets: 32 x 32 pixels, a plane each of red, green and blue (Krizhevsky 2009, "Learning multiple layers of features
/// from tiny images"; the layouts are described on the datasets' page, <c>www.cs.toronto.edu/~kriz/cifar.html</c>).
/// </summary>
public static class CifarBatch
{
    /// <summary>The side of every image, in pixels.</summary>
    public const int Side = 32;

    internal const int PixelBytes = 3 * Side * Side;

    /// <summary>Reads a binary batch: records of one label (CIFAR-100: two) and 3,072 bytes.</summary>
    /// <param name="path">The file, such as <c>data_batch_1.bin</c>.</param>
    /// <param name="kind">Which dataset it is of; the file does not say.</param>
    /// <exception cref="InvalidDatasetException">The length is not that of whole records, or a label is none of the dataset's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RawImages ReadBinary(string path, CifarKind kind = CifarKind.Cifar10)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int labelBytes = kind == CifarKind.Cifar10 ? 1 : 2;
        int record = labelBytes + PixelBytes;
        byte[] bytes = RawFile.ReadAll(path);
        if (bytes.Length == 0 || bytes.Length % record != 0)
        {
            throw new InvalidDatasetException(
                FormattableString.Invariant($"{path}: found {bytes.Length} bytes, expected a multiple of {record}, the size of a record of {kind}"));
        }

        int[] labels = new int[bytes.Length / record];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = bytes[(i * record) + labelBytes - 1];
            CheckLabel(path, i, labels[i], ClassesOf(kind));
        }

        return new RawImages(Side, Side, 3, bytes, labelBytes, record, labels);
    }

    /// <summary>
    /// Reads a batch of the Python version: a pickle of a dictionary with <c>data</c>, an array of bytes [N, 3072], and <c>labels</c> or
    /// <c>fine_labels</c>. The pickle is interpreted for this alone; nothing in it is run.
    /// </summary>
    /// <param name="path">The file, such as <c>data_batch_1</c>.</param>
    /// <exception cref="InvalidDatasetException">The content is damaged or something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RawImages ReadPython(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var batch = CifarPickle.Read(path);
        CifarKind kind = batch.Contains("fine_labels") ? CifarKind.Cifar100 : CifarKind.Cifar10;
        (byte[] bytes, int first, int count) = batch.Pixels("data", PixelBytes);
        int[] labels = batch.Numbers(kind == CifarKind.Cifar10 ? "labels" : "fine_labels");
        if (labels.Length != count)
        {
            throw new InvalidDatasetException(FormattableString.Invariant($"{path}: found {labels.Length} labels for {count} images"));
        }

        for (int i = 0; i < labels.Length; i++)
        {
            CheckLabel(path, i, labels[i], ClassesOf(kind));
        }

        return new RawImages(Side, Side, 3, bytes, first, PixelBytes, labels);
    }

    /// <summary>How many classes a dataset has.</summary>
    internal static int ClassesOf(CifarKind kind) => kind == CifarKind.Cifar10 ? 10 : 100;

    private static void CheckLabel(string path, int index, int label, int classes)
    {
        if ((uint)label >= (uint)classes)
        {
            throw new InvalidDatasetException(
                FormattableString.Invariant($"{path}: image {index} has label {label}, expected 0 to {classes - 1}"));
        }
    }
}
