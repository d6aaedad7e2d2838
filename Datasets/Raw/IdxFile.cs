using System.Buffers.Binary;

namespace MLClassify.Datasets;

/// <summary>An array from an IDX file.</summary>
/// <param name="Dimensions">Its sides, the slowest first.</param>
/// <param name="Values">Its values, in the order of the file: the last index changes fastest.</param>
internal sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values);

/// <summary>
/// IDX files of bytes, as MNIST and Fashion-MNIST are published, bare or in gzip: two zero bytes, a byte for the type, one for the number
/// of dimensions, each dimension as four bytes with the highest first, then the values (LeCun et al., "The MNIST database").
/// </summary>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int MostDimensions = 4;

    /// <summary>Reads an array of bytes.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDatasetException">The file is no IDX file, ends early, or has more than its header says.</exception>
    /// <exception cref="NotSupportedException">Its values are not unsigned bytes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static IdxArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using Stream stream = RawFile.Open(path, out long most);
            return Read(stream, path, most);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            string what = e is EndOfStreamException ? "the file ends too early" : "the compressed content is damaged";
            throw new InvalidDatasetException($"{path}: {what}", e);
        }
    }

    /// <summary>Reads images, an array [N, height, width], and their labels, an array [N].</summary>
    /// <param name="images">The images' file, such as <c>train-images-idx3-ubyte.gz</c>.</param>
    /// <param name="labels">The labels' file, such as <c>train-labels-idx1-ubyte.gz</c>.</param>
    /// <exception cref="InvalidDatasetException">A file is damaged or has another shape, or there are not as many labels as images.</exception>
    /// <exception cref="NotSupportedException">A file's values are not unsigned bytes.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RawImages ReadImages(string images, string labels)
    {
        IdxArray pixels = Read(images);
        IdxArray classes = Read(labels);
        if (pixels.Dimensions is not [int count, int height and > 0, int width and > 0])
        {
            throw new InvalidDatasetException($"{images}: found an array [{Text(pixels)}], expected images [count, height, width]");
        }

        if ((long)width * height > Array.MaxLength / 3)
        {
            throw new InvalidDatasetException($"{images}: found images of {width}x{height}, more than fit in memory");
        }

        if (classes.Dimensions is not [int labeled] || labeled != count)
        {
            throw new InvalidDatasetException(FormattableString.Invariant($"{labels}: found an array [{Text(classes)}], expected a label for each of {count} images"));
        }

        return new RawImages(width, height, 1, pixels.Values, 0, width * height, Array.ConvertAll(classes.Values, value => (int)value));
    }

    private static IdxArray Read(Stream stream, string path, long most)
    {
        Span<byte> head = stackalloc byte[4];
        stream.ReadExactly(head);
        if (head[0] != 0 || head[1] != 0 || head[3] is 0 or > MostDimensions)
        {
            throw new InvalidDatasetException(
                $"{path}: found {Convert.ToHexStringLower(head)} at its beginning, expected an IDX file: 0000, the type, and 1 to {MostDimensions} dimensions");
        }

        if (head[2] != UnsignedByte)
        {
            throw new NotSupportedException(
                FormattableString.Invariant($"{path}: its values have type 0x{head[2]:x2}; only unsigned bytes (0x{UnsignedByte:x2}) are read"));
        }

        int[] dimensions = new int[head[3]];
        long size = 1;
        foreach (ref int dimension in dimensions.AsSpan())
        {
            stream.ReadExactly(head);
            dimension = BinaryPrimitives.ReadInt32BigEndian(head);
            size = dimension < 0 ? long.MaxValue : size * dimension;
            if (size > Math.Min(most, RawFile.LargestContent))
            {
                throw new InvalidDatasetException(
                    FormattableString.Invariant($"{path}: the header promises more values than the file can have (a dimension is {(uint)dimension})"));
            }
        }

        byte[] values = new byte[size];
        stream.ReadExactly(values);
        return stream.ReadByte() < 0
            ? new IdxArray(dimensions, values)
            : throw new InvalidDatasetException(FormattableString.Invariant($"{path}: there is more in it than the {size} values that its header promises"));
    }

    private static string Text(IdxArray array) => string.Join(", ", array.Dimensions);
}
