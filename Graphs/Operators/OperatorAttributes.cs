namespace MLClassify.Graphs.Operators;

/// <summary>
/// An operator's constants by name, as a description holds them. Every constant is a number; those at their usual value are left out.
/// Reading takes each by name, within its range, and what nobody took is refused.
/// </summary>
internal sealed class OperatorAttributes
{
    private readonly string _node;
    private readonly Dictionary<string, double> _values;
    private int _taken;

    /// <summary>Starts an empty set, to be filled by <see cref="Write(string, double, double)"/>.</summary>
    public OperatorAttributes()
        : this("", [])
    {
    }

    /// <summary>Takes what a description says.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="values">The constants.</param>
    public OperatorAttributes(string node, Dictionary<string, double> values)
    {
        _node = node;
        _values = values;
    }

    /// <summary>The constants, or null where there are none.</summary>
    public Dictionary<string, double>? Values => _values.Count == 0 ? null : _values;

    /// <summary>Writes a constant that every reader needs.</summary>
    public void Write(string name, double value) => _values.Add(name, value);

    /// <summary>Writes a constant unless it has its usual value.</summary>
    public void Write(string name, double value, double usual)
    {
        if (value != usual)
        {
            _values.Add(name, value);
        }
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="name">The constant.</param>
    /// <param name="from">The smallest value.</param>
    /// <param name="usual">What an absent one stands for; null where it must not be absent.</param>
    /// <exception cref="ArgumentException">It is absent, or not such a number.</exception>
    public int Integer(string name, int from, int? usual = null)
    {
        double value = Take(name, usual);
        return value >= from && value <= int.MaxValue && Math.Floor(value) == value
            ? (int)value
            : throw new ArgumentException(FormattableString.Invariant($"'{_node}': {name} must be a whole number from {from} on, got {value}."));
    }

    /// <summary>Reads a number.</summary>
    /// <param name="name">The constant.</param>
    /// <param name="from">The smallest value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="usual">What an absent one stands for; null where it must not be absent.</param>
    /// <exception cref="ArgumentException">It is absent, or not within the range.</exception>
    public float Number(string name, float from = float.MinValue, float to = float.MaxValue, float? usual = null)
    {
        if (usual is { } value && !_values.ContainsKey(name))
        {
            return value;
        }

        double found = Take(name, usual);
        return found >= from && found <= to
            ? (float)found
            : throw new ArgumentException(FormattableString.Invariant($"'{_node}': {name} must be {from} to {to}, got {found}."));
    }

    /// <summary>Reads a choice, 0 or 1; absent is no.</summary>
    public bool Flag(string name) => Take(name, 0) switch
    {
        0 => false,
        1 => true,
        double other => throw new ArgumentException(FormattableString.Invariant($"'{_node}': {name} must be 0 or 1, got {other}.")),
    };

    /// <summary>Refuses constants that nobody has read.</summary>
    public void RequireAllTaken(string kind)
    {
        if (_taken != _values.Count)
        {
            throw new ArgumentException($"'{_node}': {kind} has other attributes than {string.Join(", ", _values.Keys.Take(8))}.");
        }
    }

    private double Take(string name, double? usual)
    {
        if (_values.TryGetValue(name, out double value))
        {
            _taken++;
            return value;
        }

        return usual ?? throw new ArgumentException($"'{_node}': {name} is missing.");
    }
}
