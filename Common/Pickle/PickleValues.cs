namespace MLClassify.Common.Pickle;

/// <summary>A name that a pickle refers to; only ever compared with known names.</summary>
/// <param name="Name">Module and name, with a dot between.</param>
internal sealed record PickleGlobal(string Name);

/// <summary>A string of bytes. Long ones are left in the file until somebody needs them: weights may lie in one.</summary>
/// <param name="Offset">The first byte's place in the file.</param>
/// <param name="Length">Bytes in the file.</param>
/// <param name="Inline">The bytes themselves where they are few, otherwise null.</param>
/// <param name="IsText">
/// Whether the file has them as text in UTF-8, each character standing for one byte: what Python 3 makes of bytes in protocol 2.
/// </param>
internal sealed record PickleBytes(long Offset, long Length, byte[]? Inline = null, bool IsText = false);

/// <summary>Something that a checkpoint may hold beside its weights, and that nothing here needs: arguments, dates, large numbers.</summary>
internal sealed class PickleInert
{
    private PickleInert()
    {
    }

    public static PickleInert Instance { get; } = new();
}

/// <summary>A dictionary in the pickle's order; only keys that are text, or a few bytes of it, are kept.</summary>
internal sealed class PickleDictionary
{
    // Made when needed: a pickle can ask for a dictionary with one byte.
    private Dictionary<string, object?>? _values;
    private List<string>? _keys;

    public IReadOnlyList<string> Keys => _keys ?? [];

    public object? this[string key] => _values?.GetValueOrDefault(key);

    public void Set(object? key, object? value)
    {
        string? name = key is PickleBytes { Inline: { } bytes } ? System.Text.Encoding.Latin1.GetString(bytes) : key as string;
        if (name is null)
        {
            return;
        }

        _values ??= new Dictionary<string, object?>(StringComparer.Ordinal);
        _keys ??= [];
        if (!_values.ContainsKey(name))
        {
            _keys.Add(name);
        }

        _values[name] = value;
    }
}

/// <summary>What the names in a pickle mean: the only calls that an interpreter can make.</summary>
internal interface IPickleModel
{
    /// <summary>A call of a global name.</summary>
    object? Call(PickleGlobal function, object?[] arguments, long offset);

    /// <summary>Whether a global name is among the known.</summary>
    bool Knows(string name);

    /// <summary>The exception for a global name that is not among the known; either part is null where the pickle gives none.</summary>
    Exception Refuse(string? module, string? name, long offset);

    /// <summary>The object behind a persistent identifier.</summary>
    object Persistent(object? identifier, long offset);

    /// <summary>Gives an object its state.</summary>
    void Build(object? target, object? state, long offset);
}
