using System.Globalization;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>
/// Tensors whose elements lie beside the model. Only files in the model's own folder, or in folders below it, are read: no absolute
/// path, no <c>..</c>, no symbolic link on the way.
/// </summary>
/// <param name="model">The model's file.</param>
internal sealed class ExternalData(string model)
{
    private const int MaximumLocation = 1024;

    /// <summary>The tensor, with its elements' place where they lie outside; everything about the place is checked.</summary>
    /// <param name="tensor">A tensor of the model.</param>
    /// <exception cref="InvalidWeightsException">The place is not below the model's folder, or does not hold the tensor.</exception>
    public TensorProto Resolve(TensorProto tensor)
    {
        if (tensor.Count > Array.MaxLength)
        {
            throw Fault(tensor, "it is too large", FormattableString.Invariant($"at most {Array.MaxLength} values"), FormattableString.Invariant($"{tensor.Count}"));
        }

        if (!tensor.IsExternal)
        {
            return tensor;
        }

        if (tensor.ExternalData.GroupBy(e => e.Key, StringComparer.Ordinal).Any(g => g.Count() > 1))
        {
            throw Fault(tensor, "its external data names something twice");
        }

        string location = Entry(tensor, "location") ?? throw Fault(tensor, "its external data names no file");
        string path = PathOf(tensor, location);
        ElementType type = TensorDataTypes.ToElementType(tensor.DataType)
            ?? throw Fault(tensor, "its elements are of a type that is not read", null, $"{tensor.DataType}");
        long offset = Number(tensor, "offset") ?? 0;
        long bytes = tensor.Count * ElementTypes.SizeOf(type);
        if (Number(tensor, "length") is { } length && length != bytes)
        {
            throw Fault(tensor, "its external data has another length", FormattableString.Invariant($"{bytes} bytes"), FormattableString.Invariant($"{length}"));
        }

        var file = new FileInfo(path);
        if (!file.Exists || file.Length < offset || file.Length - offset < bytes)
        {
            string found = file.Exists ? FormattableString.Invariant($"{file.Length} bytes") : "no such file";
            throw Fault(tensor, $"its external data '{location}' ends too early", FormattableString.Invariant($"{bytes} bytes from {offset} on"), found);
        }

        TensorProto located = tensor.Clone();
        located.Content = new Content(path, offset, offset + bytes);
        return located;
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    private long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Fault(tensor, $"the {key} of its external data is no number", null, text);
    }

    private string PathOf(TensorProto tensor, string location)
    {
        string[] segments = location.Split('/');
        bool isBelow = location.Length is > 0 and <= MaximumLocation && !Path.IsPathRooted(location)
            && !location.Any(c => char.IsControl(c) || c is '\\' or ':')
            && segments.All(s => s is not ("" or "." or ".."));
        if (!isBelow)
        {
            throw Fault(tensor, "its external data is not in the model's folder", "a relative path without '..'", location);
        }

        string path = Path.GetDirectoryName(Path.GetFullPath(model)) ?? throw Fault(tensor, "the model has no folder");
        foreach (string segment in segments)
        {
            path = Path.Combine(path, segment);
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (info.LinkTarget is not null)
            {
                throw Fault(tensor, "its external data lies behind a symbolic link", "a file in the model's folder", location);
            }
        }

        return path;
    }

    private InvalidWeightsException Fault(TensorProto tensor, string problem, string? expected = null, string? found = null) =>
        new(model, InvalidWeightsException.Shorten(problem), tensor.Name, expected: expected, found: found);

    /// <summary>Raw elements in a file that is opened for each tensor: there may be as many files as tensors.</summary>
    private sealed class Content(string path, long begin, long end) : TensorContent
    {
        public override void ReadSingles(TensorProto tensor, Span<float> values)
        {
            using FileStream stream = OpenFile();
            Located(stream, tensor).ReadSingles(tensor, values);
        }

        public override void ReadInt64s(TensorProto tensor, Span<long> values)
        {
            using FileStream stream = OpenFile();
            Located(stream, tensor).ReadInt64s(tensor, values);
        }

        private FileStream OpenFile() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);

        private FileTensorContent Located(FileStream stream, TensorProto tensor)
        {
            var content = new FileTensorContent(stream, path, [new FileSection((int)TensorField.RawData, begin, end, HasLength: false)]);
            content.Locate(tensor);
            return content;
        }
    }
}
