using MLClassify.Common.Pickle;
using MLClassify.Common.Zip;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>
/// NumPy's files (numpy.lib.format): <c>.npy</c>, one array, which may be a pickled dictionary of arrays; <c>.npz</c>, a zip of those.
/// Such pickles are interpreted for arrays and plain data alone; nothing in them is run.
/// </summary>
internal static class NumpyFormat
{
    private const string Extension = ".npy";

    /// <summary>Opens an <c>.npy</c> file. A single array gets the file's name.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="file">The file, for messages.</param>
    public static NumpyFile OpenArray(Stream stream, string file)
    {
        stream.Position = 0;
        NpyHeader header = NpyHeader.Read(stream, file, array: null);
        string alone = Path.GetFileNameWithoutExtension(file);
        return new NumpyFile(stream, file, Tensors(header, stream, file, "", alone.Length == 0 ? "array" : alone));
    }

    /// <summary>Whether a zip is an <c>.npz</c> file.</summary>
    /// <param name="zip">The zip's directory.</param>
    public static bool Matches(ZipDirectory zip) =>
        zip.Items.Count > 0 && zip.Items.Keys.All(n => n.EndsWith(Extension, StringComparison.Ordinal) && n.Length > Extension.Length);

    /// <summary>Opens an <c>.npz</c> file.</summary>
    /// <param name="zip">The zip's directory.</param>
    /// <param name="stream">The file.</param>
    /// <param name="file">The file, for messages.</param>
    public static NumpyFile OpenArchive(ZipDirectory zip, Stream stream, string file)
    {
        var bytes = new ZipBytes(stream, InvalidWeightsException.In(file));
        var tensors = new List<(string, NumpyTensor)>();
        foreach (ZipItem item in zip.Items.Values)
        {
            string name = item.Name[..^Extension.Length];
            using Stream content = bytes.Open(item);
            NpyHeader header = NpyHeader.Read(content, file, name);
            if (header.Type.IsObject)
            {
                Stream whole = item.IsDeflated ? new MemoryStream(ZipPickle.Read(bytes, item, stream.Length, InvalidWeightsException.In(file))) : bytes.Open(item);
                tensors.AddRange(Tensors(header, whole, file, name, name));
                continue;
            }

            Check(header, item.Length, file, name);
            if (!header.Type.IsText)
            {
                tensors.Add((name, new NumpyTensor(header.Type, header.Dimensions, header.IsFortran, () => bytes.Open(item, header.Length))));
            }
        }

        return new NumpyFile(stream, file, tensors);
    }

    private static IReadOnlyList<(string Name, NumpyTensor Tensor)> Tensors(
        NpyHeader header, Stream stream, string file, string name, string alone)
    {
        if (!header.Type.IsObject)
        {
            Check(header, stream.Length, file, null);
            return header.Type.IsText ? [] : [(alone, new NumpyTensor(
                header.Type, header.Dimensions, header.IsFortran, () => new SubStream(stream, header.Length, stream.Length - header.Length)))];
        }

        stream.Position = header.Length;
        var cursor = new PickleCursor(stream, InvalidWeightsException.In(file));
        object? root = PickleMachine.Read(cursor, new NumpyModel(file));
        return cursor.Position != stream.Length
            ? throw cursor.Problem("bytes follow the pickle")
            : root is PickledArray { Items: not null }
            ? new NumpyTree(stream, file).Flatten(root, name, alone)
            : throw cursor.Problem("the pickle is no array of objects");
    }

    private static void Check(NpyHeader header, long length, string file, string? name)
    {
        if (header.Type.IsText)
        {
            return;
        }

        if (header.Type.Element is not { } element)
        {
            throw new InvalidWeightsException(
                file, "the array's type is not supported", name, expected: NumpyType.Supported, found: $"'{header.Type.Text}'");
        }

        long? bytes = NumpyTensor.BytesOf(header.Dimensions, ElementTypes.SizeOf(element));
        if (bytes != length - header.Length)
        {
            throw new InvalidWeightsException(
                file,
                "the array's size does not fit its shape",
                name,
                header.Length,
                bytes is null ? "a smaller shape" : FormattableString.Invariant($"{bytes} bytes"),
                FormattableString.Invariant($"{length - header.Length} bytes for [{string.Join(", ", header.Dimensions)}] of {header.Type.Text}"));
        }
    }
}
