using MLClassify.WeightFiles.Onnx.Import;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// A constant tensor. Weights are large: elements that are read stay in their file until they are asked for, elements that are written are
/// computed when it is their turn.
/// </summary>
internal sealed partial class TensorProto
{
    /// <summary>Where a tensor that was read has its elements; null when they are in another file and nobody has looked for it yet.</summary>
    public TensorContent? Content { get; set; }

    /// <summary>
    /// Whether the elements are in another file. <see cref="ExternalData"/> then names the place as the file does, unchecked.
    /// </summary>
    public bool IsExternal => DataLocation == Types.DataLocation.External;

    /// <summary>The number of elements. A tensor that was read has no negative dimension, and its elements' number fits 64 bits.</summary>
    public long Count => Dims.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>A tensor of float32 that is about to be written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="values">Returns the values; called when the tensor is written.</param>
    /// <exception cref="NotSupportedException">The tensor is too large for an ONNX file.</exception>
    public static TensorProto Of(string name, IReadOnlyList<long> dimensions, Func<float[]> values)
    {
        var tensor = new TensorProto { Name = name, DataType = Types.DataType.Float, Dims = { dimensions } };
        tensor.RawData = DeferredElements<float>.Create(tensor.Count, values);
        return tensor;
    }

    /// <summary>A list of 64-bit whole numbers that is about to be written.</summary>
    /// <param name="name">Its name; empty in an attribute.</param>
    /// <param name="values">The values.</param>
    public static TensorProto Of(string name, params long[] values) => new()
    {
        Name = name,
        DataType = Types.DataType.Int64,
        Dims = { values.LongLength },
        RawData = DeferredElements<long>.Create(values.LongLength, () => values),
    };

    /// <summary>Reads the elements as float32, to the nearest where they do not fit exactly.</summary>
    /// <param name="values">As many as <see cref="Count"/>.</param>
    /// <exception cref="InvalidWeightsException">The type is not a number, or the file is damaged.</exception>
    /// <exception cref="InvalidOperationException">The elements are in another file.</exception>
    public void ReadSingles(Span<float> values) => Require(values.Length).ReadSingles(this, values);

    /// <summary>Reads the elements, whole numbers or booleans, as 64 bits.</summary>
    /// <param name="values">As many as <see cref="Count"/>.</param>
    /// <exception cref="InvalidWeightsException">The type is not a whole number, or the file is damaged.</exception>
    /// <exception cref="InvalidOperationException">The elements are in another file.</exception>
    public void ReadInt64s(Span<long> values) => Require(values.Length).ReadInt64s(this, values);

    private TensorContent Require(int length) => length != Count
        ? throw new ArgumentException(FormattableString.Invariant($"Tensor '{Name}' has {Count} elements, got room for {length}."))
        : Content ?? throw new InvalidOperationException($"The elements of tensor '{Name}' are not in a file that was opened.");
}

/// <summary>A tensor's elements, wherever they are.</summary>
internal abstract class TensorContent
{
    /// <summary>Reads them as float32.</summary>
    public abstract void ReadSingles(TensorProto tensor, Span<float> values);

    /// <summary>Reads them as whole numbers.</summary>
    public abstract void ReadInt64s(TensorProto tensor, Span<long> values);
}
