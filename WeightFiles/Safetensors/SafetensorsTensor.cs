namespace MLClassify.WeightFiles;

/// <summary>A tensor to be written. Its values are asked for only when it is its turn, so that a file never lies in memory whole.</summary>
public sealed class SafetensorsTensor
{
    private readonly Func<ReadOnlyMemory<byte>>? _bytes;
    private readonly Func<ReadOnlyMemory<float>>? _values;

    private SafetensorsTensor(
        string name,
        ElementType type,
        IReadOnlyList<long> dimensions,
        Func<ReadOnlyMemory<byte>>? bytes,
        Func<ReadOnlyMemory<float>>? values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Any(d => d < 0))
        {
            throw new ArgumentException(
                $"Tensor '{name}': dimensions must be at least 0, got [{string.Join(", ", dimensions)}].", nameof(dimensions));
        }

        Entry = new WeightEntry(name, type, [.. dimensions]);
        ByteCount = checked(Entry.Count * ElementTypes.SizeOf(type));
        _bytes = bytes;
        _values = values;
    }

    /// <summary>Name, type, dimensions.</summary>
    public WeightEntry Entry { get; }

    /// <summary>Its size in the file.</summary>
    public long ByteCount { get; }

    /// <summary>A tensor of float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="values">Gives the values.</param>
    public static SafetensorsTensor FromSingles(string name, IReadOnlyList<long> dimensions, Func<ReadOnlyMemory<float>> values) =>
        FromSingles(name, dimensions, ElementType.F32, values);

    /// <summary>
    /// A tensor of floating-point numbers, made from float32 values: to the nearest, of two equally near ones to the even one.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="type">The type in the file: F16, BF16, F32 or F64. A finite value beyond the type's largest fails the writing.</param>
    /// <param name="values">Gives the values.</param>
    /// <exception cref="ArgumentException">The type is not one of these, or a dimension is negative.</exception>
    public static SafetensorsTensor FromSingles(
        string name, IReadOnlyList<long> dimensions, ElementType type, Func<ReadOnlyMemory<float>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return type is ElementType.F16 or ElementType.BF16 or ElementType.F32 or ElementType.F64
            ? new SafetensorsTensor(name, type, dimensions, null, values)
            : throw new ArgumentException($"The type must be F16, BF16, F32 or F64, got {ElementTypes.NameOf(type)}.", nameof(type));
    }

    /// <summary>A tensor of any type.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The values' type.</param>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="bytes">Gives the values as little-endian bytes.</param>
    public static SafetensorsTensor FromBytes(
        string name, ElementType type, IReadOnlyList<long> dimensions, Func<ReadOnlyMemory<byte>> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new SafetensorsTensor(name, type, dimensions, bytes, null);
    }

    internal void WriteTo(Stream stream)
    {
        if (_bytes is not null)
        {
            ReadOnlyMemory<byte> bytes = _bytes();
            Require(bytes.Length);
            stream.Write(bytes.Span);
            return;
        }

        ReadOnlySpan<float> values = _values!().Span;
        int size = ElementTypes.SizeOf(Entry.Type);
        Require((long)values.Length * size);
        const int Block = 1 << 14;
        byte[] buffer = new byte[Math.Min(values.Length, Block) * size];
        for (int done = 0; done < values.Length; done += Block)
        {
            ReadOnlySpan<float> block = values.Slice(done, Math.Min(Block, values.Length - done));
            Span<byte> stored = buffer.AsSpan(0, block.Length * size);
            int lost = ElementTypes.FromSingle(Entry.Type, block, stored);
            if (lost >= 0)
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"Tensor '{Entry.Name}' has {block[lost]} at index {done + lost}, which {ElementTypes.NameOf(Entry.Type)} cannot hold."));
            }

            stream.Write(stored);
        }
    }

    private void Require(long bytes)
    {
        if (bytes != ByteCount)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"Tensor '{Entry.Name}' needs {ByteCount} bytes, got {bytes}."));
        }
    }
}
