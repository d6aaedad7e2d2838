namespace MLClassify.WeightFiles;

/// <summary>A tensor in a weight file.</summary>
/// <param name="Name">The name that the file gives it.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Dimensions">Dimensions, outermost first; empty for a single value.</param>
public sealed record WeightEntry(string Name, ElementType Type, IReadOnlyList<long> Dimensions)
{
    /// <summary>The number of values; the file's reader has checked that the product does not overflow.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));
}

/// <summary>Something that holds named tensors: a weight file, whatever its format.</summary>
public interface IWeightSource
{
    /// <summary>The file, for messages.</summary>
    string File { get; }

    /// <summary>Every tensor, in the file's order; names are unique.</summary>
    IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Reads a tensor's values as float32.</summary>
    /// <param name="name">The name that the file gives it.</param>
    /// <param name="values">As many values as the tensor has.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    void Read(string name, Span<float> values);
}
