using System.Text;
using MLClassify.Common.Pickle;

namespace MLClassify.Datasets;

/// <summary>A batch of CIFAR's Python version: what its pickle holds under a few known names.</summary>
internal sealed class CifarPickle
{
    // A name that is longer is none, and comes back cut.
    private const int LongestText = 200;

    // What dictionaries, lists, numbers, strings and NumPy's arrays of bytes need.
    private static readonly PickleOptions Options = new()
    {
        Opcodes = new HashSet<byte>(
        [
            0x80, 0x95, .. "N"u8, 0x88, 0x89, .. "KMJ"u8, 0x8A, .. "UTXBC"u8, 0x8C, 0x8D, 0x8E, 0x96, .. "()t"u8, 0x85, 0x86, 0x87, .. "]}aesu"u8,
            .. "qr"u8, 0x94, .. "hj"u8, .. "c"u8, 0x93, .. "Rb"u8,
        ]),
        MaximumLine = LongestText,
        AllowsLargeNumbers = false,
        OldStringsAreBytes = true,
    };

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly PickleDictionary _values;

    private CifarPickle(string path, byte[] bytes, object? root)
    {
        (_path, _bytes) = (path, bytes);
        _values = root as PickleDictionary
            ?? throw new InvalidDatasetException($"{path}: found no dictionary in it, expected a batch of CIFAR's Python version");
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDatasetException">It is damaged, or holds what no batch does.</exception>
    public static CifarPickle Read(string path)
    {
        byte[] bytes = RawFile.ReadAll(path);
        var model = new CifarPickleModel(path, bytes);
        object? root = PickleMachine.Read(new PickleCursor(new MemoryStream(bytes, writable: false), model.Problem, Options), model);
        return new CifarPickle(path, bytes, root);
    }

    /// <summary>A text of a pickle, cut where it is too long for a name; null where the value is no text.</summary>
    /// <param name="value">The value.</param>
    /// <param name="file">The file's content.</param>
    public static string? Decode(object? value, byte[] file) => value switch
    {
        string text => text[..Math.Min(text.Length, LongestText)],
        PickleBytes bytes => Encoding.UTF8.GetString(file, (int)bytes.Offset, (int)Math.Min(bytes.Length, LongestText)),
        _ => null,
    };

    public bool Contains(string name) => _values.Keys.Contains(name);

    /// <summary>An array of bytes, [N, size], of which <c>size</c> are a row.</summary>
    public (byte[] Bytes, int First, int Count) Pixels(string name, int size)
    {
        if (Find(name) is not CifarArray { IsBytes: true, IsRowMajor: true, Shape: [long count, long columns], Data: { } data }
            || columns != size || count is < 1 or > int.MaxValue || data.Length != count * size)
        {
            throw new InvalidDatasetException(FormattableString.Invariant($"{_path}: '{name}' is not an array of bytes [N, {size}] in the order of its rows"));
        }

        return (_bytes, (int)data.Offset, (int)count);
    }

    /// <summary>A list of numbers.</summary>
    public int[] Numbers(string name) => Find(name) is List<object?> list && list.TrueForAll(item => item is long and >= 0 and <= int.MaxValue)
        ? [.. list.Select(item => (int)(long)item!)]
        : throw new InvalidDatasetException($"{_path}: '{name}' is not a list of labels");

    /// <summary>A list of names.</summary>
    public string[] Texts(string name) => Find(name) is List<object?> list && list.TrueForAll(item => item is string or PickleBytes)
        ? [.. list.Select(item => Decode(item, _bytes)!)]
        : throw new InvalidDatasetException($"{_path}: '{name}' is not a list of names");

    private object? Find(string name) => Contains(name)
        ? _values[name]
        : throw new InvalidDatasetException($"{_path}: there is no '{name}' in it, expected a batch of CIFAR's Python version");
}
