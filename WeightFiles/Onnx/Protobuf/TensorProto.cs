using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// A constant tensor, <c>TensorProto</c>. Its elements stay where they are, in the file or with whoever makes them, until they are asked
/// for: weights are large.
/// </summary>
internal sealed record TensorProto
{
    /// <summary>Its name; empty in an attribute.</summary>
    public string Name { get; init; } = "";

    /// <summary>The type of its elements.</summary>
    public required TensorDataType DataType { get; init; }

    /// <summary>Dimensions, outermost first; none for a single element. Each is at least 0, and the product fits 64 bits.</summary>
    public required IReadOnlyList<long> Dimensions { get; init; }

    /// <summary>The elements. Null when they lie in another file, see <see cref="ExternalData"/>.</summary>
    public TensorContent? Content { get; init; }

    /// <summary>Whether the elements lie in another file.</summary>
    public bool IsExternal => Content is null;

    /// <summary>
    /// Where an external tensor's elements lie, as the file says it, unchecked: <c>location</c> (a path relative to the model's folder),
    /// <c>offset</c> and <c>length</c> in bytes.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExternalData { get; init; } = [];

    /// <summary>The number of elements.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Reads the elements as float32, to the nearest where they do not fit exactly.</summary>
    /// <param name="values">As many as <see cref="Count"/>.</param>
    /// <exception cref="InvalidWeightsException">The type is none of numbers, or the file is damaged.</exception>
    /// <exception cref="InvalidOperationException">The elements lie in another file.</exception>
    public void ReadSingles(Span<float> values) => Require(values.Length).ReadSingles(this, values);

    /// <summary>Reads the elements, whole numbers or booleans, as 64 bits.</summary>
    /// <param name="values">As many as <see cref="Count"/>.</param>
    /// <exception cref="InvalidWeightsException">The type is none of whole numbers, or the file is damaged.</exception>
    /// <exception cref="InvalidOperationException">The elements lie in another file.</exception>
    public void ReadInt64s(Span<long> values) => Require(values.Length).ReadInt64s(this, values);

    private TensorContent Require(int length) => length != Count
        ? throw new ArgumentException(FormattableString.Invariant($"Tensor '{Name}' has {Count} elements, got room for {length}."))
        : Content ?? throw new InvalidOperationException($"Tensor '{Name}' lies in another file.");
}

/// <summary>A tensor's elements, wherever they are.</summary>
internal abstract class TensorContent
{
    /// <summary>Reads them as float32.</summary>
    public abstract void ReadSingles(TensorProto tensor, Span<float> values);

    /// <summary>Reads them as whole numbers.</summary>
    public abstract void ReadInt64s(TensorProto tensor, Span<long> values);
}
