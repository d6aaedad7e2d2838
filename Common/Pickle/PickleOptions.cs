namespace MLClassify.Common.Pickle;

/// <summary>What a reader of one kind of file admits in a pickle, within what the interpreter can do.</summary>
internal sealed record PickleOptions
{
    /// <summary>The longest text that is read into memory, in bytes.</summary>
    public const int MaximumText = 1 << 16;

    /// <summary>The opcodes that such files have; every one that the interpreter knows when null, the default.</summary>
    public IReadOnlySet<byte>? Opcodes { get; init; }

    /// <summary>The longest module's or global's name on a line of its own, in bytes. Default 65,536.</summary>
    public int MaximumLine { get; init; } = MaximumText;

    /// <summary>Whether numbers of more than 64 bits are passed over; otherwise they are refused. Default true.</summary>
    public bool AllowsLargeNumbers { get; init; } = true;

    /// <summary>
    /// Whether strings of Python 2 are bytes, as with <c>pickle.load(file, encoding="bytes")</c>; otherwise text in Latin-1. Default false.
    /// </summary>
    public bool OldStringsAreBytes { get; init; }
}
