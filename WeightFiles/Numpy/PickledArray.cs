using MLClassify.Common.Pickle;

namespace MLClassify.WeightFiles.Numpy;

/// <summary>A pickled description of values; the byte order comes after it was made.</summary>
internal sealed class PickledType(NumpyType type)
{
    public NumpyType Type { get; set; } = type;
}

/// <summary>A pickled array; empty until it is given its state.</summary>
internal sealed class PickledArray
{
    /// <summary>The values' type, or null before the state is given.</summary>
    public NumpyType? Type { get; set; }

    /// <summary>Dimensions, outermost first.</summary>
    public long[] Dimensions { get; set; } = [];

    /// <summary>Whether the first index turns fastest.</summary>
    public bool IsFortran { get; set; }

    /// <summary>The values' bytes, or null for an array of objects.</summary>
    public PickleBytes? Bytes { get; set; }

    /// <summary>The objects, or null for an array of values.</summary>
    public IReadOnlyList<object?>? Items { get; set; }
}
