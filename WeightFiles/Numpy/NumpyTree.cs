using System.Globalization;
using MLClassify.Common.Pickle;
using MLClassify.Common.Zip;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>
/// Names the arrays in a pickled structure by their path: keys of dictionaries and places in lists, with dots between. Numbers, strings
/// and None are passed over.
/// </summary>
/// <param name="stream">The stream that the pickle was read from.</param>
/// <param name="file">The file, for messages.</param>
internal sealed class NumpyTree(Stream stream, string file)
{
    // A pickle can name one list many times in another, and so on: what a walk may meet is bounded, not what lies in the file.
    private const int MaximumValues = 1 << 17;
    private const int MaximumDepth = 8;
    private const int MaximumName = 512;

    private readonly List<(string Name, NumpyTensor Tensor)> _tensors = [];
    private int _values;

    /// <summary>The arrays of a structure.</summary>
    /// <param name="root">The unpickled object.</param>
    /// <param name="name">The name of a structure that is an array itself, and the beginning of all others; empty for none.</param>
    /// <param name="alone">The name where there is no path at all.</param>
    public IReadOnlyList<(string Name, NumpyTensor Tensor)> Flatten(object? root, string name, string alone)
    {
        Walk(root, name, alone, 0);
        return _tensors;
    }

    private void Walk(object? value, string name, string alone, int depth)
    {
        if (++_values > MaximumValues || depth > MaximumDepth || name.Length > MaximumName)
        {
            throw new InvalidWeightsException(
                file,
                "the arrays are nested too deeply, are too many, or have too long names",
                expected: FormattableString.Invariant($"at most {MaximumDepth} levels, {MaximumValues} values, {MaximumName} characters"));
        }

        switch (value)
        {
            case PickleDictionary dictionary:
                foreach (string key in dictionary.Keys)
                {
                    Walk(dictionary[key], Joined(name, key), alone, depth + 1);
                }

                break;
            case PickledArray { Items: [var only], Dimensions: [] or [1] }:
                Walk(only, name, alone, depth + 1);
                break;
            case PickledArray { Items: { } items }:
                WalkList(items, name, alone, depth);
                break;
            case PickledArray array:
                Add(array, name.Length == 0 ? alone : name);
                break;
            case IReadOnlyList<object?> list:
                WalkList(list, name, alone, depth);
                break;
        }
    }

    private void WalkList(IReadOnlyList<object?> items, string name, string alone, int depth)
    {
        for (int i = 0; i < items.Count; i++)
        {
            Walk(items[i], Joined(name, i.ToString(CultureInfo.InvariantCulture)), alone, depth + 1);
        }
    }

    private void Add(PickledArray array, string name)
    {
        if (array is not { Type: { } type, Bytes: { } bytes })
        {
            throw new InvalidWeightsException(file, "the array has no values", name);
        }

        if (type.IsText)
        {
            return;
        }

        if (type.Element is not { } element)
        {
            throw new InvalidWeightsException(file, "the array's type is not supported", name, expected: NumpyType.Supported, found: $"'{type.Text}'");
        }

        long length = NumpyTensor.BytesOf(array.Dimensions, ElementTypes.SizeOf(element))!.Value;
        _tensors.Add((name, new NumpyTensor(type, array.Dimensions, array.IsFortran, () => Open(bytes, length, name))));
    }

    private Stream Open(PickleBytes bytes, long length, string name)
    {
        if (bytes.Inline is not null)
        {
            return new MemoryStream(bytes.Inline);
        }

        if (bytes.IsText && bytes.Length > Array.MaxLength)
        {
            throw new InvalidWeightsException(file, "text that stands for bytes is too long", name, bytes.Offset, "at most 2 GiB");
        }

        var part = new SubStream(stream, bytes.Offset, bytes.Length);
        return bytes.IsText ? Narrowed(part, length, name) : part;
    }

    // UTF-8 (RFC 3629, section 3) of characters below 256: one byte for itself, or C2 or C3 and six bits.
    private MemoryStream Narrowed(SubStream text, long length, string name)
    {
        byte[] wide = new byte[text.Length];
        byte[] narrow = new byte[length];
        int at = text.ReadAtLeast(wide, wide.Length, throwOnEndOfStream: false) == wide.Length ? 0 : wide.Length + 1;
        int count = 0;
        for (; at < wide.Length && count < narrow.Length; count++)
        {
            byte first = wide[at++];
            if (first < 0x80)
            {
                narrow[count] = first;
                continue;
            }

            byte second = first is 0xC2 or 0xC3 && at < wide.Length ? wide[at++] : (byte)0;
            if ((second & 0xC0) != 0x80)
            {
                break;
            }

            narrow[count] = (byte)(((first & 3) << 6) | (second & 0x3F));
        }

        return at == wide.Length && count == narrow.Length
            ? new MemoryStream(narrow)
            : throw new InvalidWeightsException(file, "text that stands for bytes is damaged", name);
    }

    private static string Joined(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";
}
