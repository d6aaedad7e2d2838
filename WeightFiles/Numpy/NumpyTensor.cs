namespace MLClassify.WeightFiles.Numpy;

/// <summary>An array of a NumPy file: checked against the bytes that are there, and not read yet.</summary>
/// <param name="Type">The values' type, one that can be read.</param>
/// <param name="Dimensions">Dimensions, outermost first.</param>
/// <param name="IsFortran">Whether the first index turns fastest.</param>
/// <param name="Open">Opens the values' bytes.</param>
internal sealed record NumpyTensor(NumpyType Type, long[] Dimensions, bool IsFortran, Func<Stream> Open)
{
    // NumPy's own limit, NPY_MAXDIMS since NumPy 2.
    private const int MaximumRank = 64;

    /// <summary>The bytes that an array takes, or null where a shape is impossible or larger than any file.</summary>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="size">Bytes of a value.</param>
    public static long? BytesOf(IReadOnlyList<long> dimensions, int size)
    {
        if (dimensions.Count > MaximumRank)
        {
            return null;
        }

        // The dimensions beside a 0 are bounded too, so that nobody's product of them overflows.
        Int128 bytes = size;
        foreach (long dimension in dimensions)
        {
            bytes *= Math.Max(dimension, 1);
            if (dimension < 0 || bytes > long.MaxValue)
            {
                return null;
            }
        }

        return dimensions.Contains(0) ? 0 : (long)bytes;
    }

    /// <summary>Reads the values as float32, in C's order.</summary>
    /// <param name="values">As many as the array has.</param>
    /// <returns>Whether the file had as many.</returns>
    public bool TryRead(Span<float> values)
    {
        if (values.IsEmpty)
        {
            return true;
        }

        using Stream source = Open();
        ElementType type = Type.Element!.Value;
        if (!IsFortran)
        {
            return TensorBytes.TryRead(source, type, Type.IsBigEndian, values);
        }

        byte[] bytes = new byte[(long)values.Length * ElementTypes.SizeOf(type)];
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            return false;
        }

        long[] strides = new long[Dimensions.Length];
        long stride = 1;
        for (int i = 0; i < strides.Length; i++)
        {
            strides[i] = stride;
            stride *= Dimensions[i];
        }

        TensorBytes.Gather(bytes, type, Type.IsBigEndian, Dimensions, strides, values);
        return true;
    }
}
