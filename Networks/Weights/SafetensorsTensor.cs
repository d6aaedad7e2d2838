using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLClassify.Networks.Weights;

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
    public static SafetensorsTensor FromSingles(string name, IReadOnlyList<long> dimensions, Func<ReadOnlyMemory<float>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new SafetensorsTensor(name, ElementType.F32, dimensions, null, values);
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
        Require((long)values.Length * sizeof(float));
        const int Block = 1 << 14;
        Span<float> swapped = BitConverter.IsLittleEndian ? [] : new float[Block];
        for (int done = 0; done < values.Length; done += Block)
        {
            ReadOnlySpan<float> block = values.Slice(done, Math.Min(Block, values.Length - done));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(block), MemoryMarshal.Cast<float, int>(swapped));
                block = swapped[..block.Length];
            }

            stream.Write(MemoryMarshal.AsBytes(block));
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
