namespace MLClassify.Networks.Weights.Pickle;

/// <summary>A name that a pickle refers to; only ever compared with known names.</summary>
/// <param name="Name">Module and name, with a dot between.</param>
/// <param name="Offset">Where the pickle names it.</param>
internal sealed record PickleGlobal(string Name, long Offset);

/// <summary>A string of bytes, left in the file until somebody needs it: weights may lie in one.</summary>
/// <param name="Offset">The first byte's place in the file.</param>
/// <param name="Length">Bytes.</param>
internal sealed record PickleBytes(long Offset, int Length);

/// <summary>A dictionary in the pickle's order; only keys that are strings are kept.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);
    private readonly List<string> _keys = [];

    public IReadOnlyList<string> Keys => _keys;

    public object? this[string key] => _values.GetValueOrDefault(key);

    public void Set(object? key, object? value)
    {
        if (key is string name)
        {
            if (!_values.ContainsKey(name))
            {
                _keys.Add(name);
            }

            _values[name] = value;
        }
    }
}

/// <summary>What the names in a pickle mean: the only calls that an interpreter can make.</summary>
internal interface IPickleModel
{
    /// <summary>A call of a global name, or null where the name is not among the known.</summary>
    object? Call(PickleGlobal function, object?[] arguments, long offset);

    /// <summary>Whether a global name is among the known.</summary>
    bool Knows(string name);

    /// <summary>The object behind a persistent identifier.</summary>
    object Persistent(object? identifier, long offset);

    /// <summary>Gives an object its state.</summary>
    void Build(object? target, object? state, long offset);
}
