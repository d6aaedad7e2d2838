using System.Text;

namespace MLClassify.Datasets;

/// <summary>A batch of CIFAR's Python version: what its pickle holds under a few known names.</summary>
internal sealed class CifarPickle
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    private CifarPickle(string path, byte[] bytes, object? root)
    {
        (_path, _bytes) = (path, bytes);
        if (root is not PickledDictionary dictionary)
        {
            throw new InvalidDatasetException($"{path}: found no dictionary in it, expected a batch of CIFAR's Python version");
        }

        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is PickledText text)
            {
                _values[text.Decode(bytes)] = value;
            }
        }
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDatasetException">It is damaged, or holds what no batch does.</exception>
    public static CifarPickle Read(string path)
    {
        byte[] bytes = PackedFile.ReadAll(path);
        return new CifarPickle(path, bytes, new DataPickle(path, bytes).Run());
    }

    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>An array of bytes, [N, size], of which <c>size</c> are a row.</summary>
    public (byte[] Bytes, int First, int Count) Pixels(string name, int size)
    {
        if (Find(name) is not PickledArray { IsBytes: true, IsRowMajor: true, Shape: [long count, long columns], Data: { } data }
            || columns != size || count is < 1 or > int.MaxValue || data.Length != count * size)
        {
            throw new InvalidDatasetException(FormattableString.Invariant($"{_path}: '{name}' is not an array of bytes [N, {size}] in the order of its rows"));
        }

        return (_bytes, data.Offset, (int)count);
    }

    /// <summary>A list of numbers.</summary>
    public int[] Numbers(string name) => Find(name) is List<object?> list && list.TrueForAll(item => item is long and >= 0 and <= int.MaxValue)
        ? [.. list.Select(item => (int)(long)item!)]
        : throw new InvalidDatasetException($"{_path}: '{name}' is not a list of labels");

    /// <summary>A list of names.</summary>
    public string[] Texts(string name) => Find(name) is List<object?> list && list.TrueForAll(item => item is PickledText)
        ? [.. list.Select(item => ((PickledText)item!).Decode(_bytes))]
        : throw new InvalidDatasetException($"{_path}: '{name}' is not a list of names");

    private object? Find(string name) => _values.TryGetValue(name, out object? value)
        ? value
        : throw new InvalidDatasetException($"{_path}: there is no '{name}' in it, expected a batch of CIFAR's Python version");
}

/// <summary>A dictionary in a pickle, in its order.</summary>
internal sealed class PickledDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A string or bytes: where they are in the file.</summary>
internal sealed record PickledText(int Offset, int Length)
{
    private const int Longest = 200;

    /// <summary>The text; a long one is no name and comes back cut.</summary>
    public string Decode(byte[] file) => Encoding.UTF8.GetString(file, Offset, Math.Min(Length, Longest));
}

/// <summary>A name of Python's world, such as <c>numpy.ndarray</c>.</summary>
internal sealed record PickledName(string Text);

/// <summary>The type of an array's elements.</summary>
internal sealed record PickledType(bool IsBytes);

/// <summary>An array of numpy.</summary>
internal sealed class PickledArray
{
    public long[] Shape { get; set; } = [];

    public bool IsBytes { get; set; }

    public bool IsRowMajor { get; set; }

    public PickledText? Data { get; set; }
}
