namespace MLClassify.WeightFiles.Torch;

/// <summary>A storage: values in a row, of which tensors are views.</summary>
/// <param name="Key">Its key: an entry's name in a zip file, a key before the bytes in the older format.</param>
/// <param name="Type">The values' type; bytes where the tensors say what they are.</param>
/// <param name="Count">How many values the pickle claims.</param>
internal sealed record TorchStorage(string Key, ElementType Type, long Count)
{
    /// <summary>How many tensors are views of it.</summary>
    public int Views { get; set; }

    /// <summary>Its size in bytes, which the reader of names has found to be below 2^63.</summary>
    public long Bytes => Count * ElementTypes.SizeOf(Type);
}

/// <summary>A tensor: a strided view of a storage, checked to lie within it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">The values' type.</param>
/// <param name="Offset">The first value.</param>
/// <param name="Dimensions">Dimensions, outermost first.</param>
/// <param name="Strides">For each dimension, values from one index to the next.</param>
internal sealed record TorchTensor(TorchStorage Storage, ElementType Type, long Offset, long[] Dimensions, long[] Strides)
{
    /// <summary>The number of values.</summary>
    public long Count => Dimensions.Contains(0) ? 0 : Dimensions.Aggregate(1L, (product, d) => product * d);

    /// <summary>Values from the first to the last, those between them that belong to others included.</summary>
    public long Span
    {
        get
        {
            long span = 1;
            for (int d = 0; d < Dimensions.Length; d++)
            {
                span += (Dimensions[d] - 1) * Strides[d];
            }

            return Dimensions.Contains(0) ? 0 : span;
        }
    }

    /// <summary>Whether the values lie in a row.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int d = Dimensions.Length - 1; d >= 0; d--)
            {
                if (Dimensions[d] != 1 && Strides[d] != expected)
                {
                    return false;
                }

                expected *= Dimensions[d];
            }

            return true;
        }
    }
}
