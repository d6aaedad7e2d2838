using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Elements that are about to be written, float32 or 64-bit whole numbers. They are asked for only when it is their turn, so that a
/// model's weights never lie in memory twice.
/// </summary>
internal sealed class MemoryTensorContent : TensorContent
{
    private readonly Func<float[]>? _singles;
    private readonly long[]? _integers;

    private MemoryTensorContent(long byteCount, Func<float[]>? singles, long[]? integers)
    {
        ByteCount = byteCount;
        _singles = singles;
        _integers = integers;
    }

    /// <summary>The size in the file.</summary>
    public long ByteCount { get; }

    /// <summary>A tensor of float32.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">Dimensions, outermost first.</param>
    /// <param name="values">Gives the values.</param>
    public static TensorProto Tensor(string name, IReadOnlyList<long> dimensions, Func<float[]> values)
    {
        var tensor = new TensorProto { Name = name, DataType = TensorDataType.Float, Dimensions = dimensions };
        return tensor with { Content = new MemoryTensorContent(checked(tensor.Count * sizeof(float)), values, null) };
    }

    /// <summary>A list of 64-bit whole numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The values.</param>
    public static TensorProto Tensor(string name, params long[] values) => new()
    {
        Name = name,
        DataType = TensorDataType.Int64,
        Dimensions = [values.Length],
        Content = new MemoryTensorContent(values.LongLength * sizeof(long), null, values),
    };

    /// <inheritdoc/>
    public override void ReadSingles(TensorProto tensor, Span<float> values)
    {
        if (_singles is not null)
        {
            Singles(tensor).CopyTo(values);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _integers![i];
        }
    }

    /// <inheritdoc/>
    public override void ReadInt64s(TensorProto tensor, Span<long> values) =>
        (_integers ?? throw new InvalidOperationException($"Tensor '{tensor.Name}' holds no whole numbers.")).CopyTo(values);

    /// <summary>Writes the elements, little-endian.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="stream">Where to.</param>
    public void WriteTo(TensorProto tensor, Stream stream)
    {
        const int Block = 1 << 13;
        ReadOnlySpan<byte> bytes = _integers is null ? MemoryMarshal.AsBytes<float>(Singles(tensor)) : MemoryMarshal.AsBytes<long>(_integers);
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(bytes);
            return;
        }

        Span<byte> swapped = new byte[Block];
        for (int done = 0; done < bytes.Length; done += Block)
        {
            ReadOnlySpan<byte> block = bytes[done..Math.Min(done + Block, bytes.Length)];
            if (_integers is null)
            {
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(block), MemoryMarshal.Cast<byte, int>(swapped));
            }
            else
            {
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, long>(block), MemoryMarshal.Cast<byte, long>(swapped));
            }

            stream.Write(swapped[..block.Length]);
        }
    }

    private float[] Singles(TensorProto tensor)
    {
        float[] values = _singles!();
        return values.Length == tensor.Count
            ? values
            : throw new InvalidOperationException(
                FormattableString.Invariant($"Tensor '{tensor.Name}' needs {tensor.Count} values, got {values.Length}."));
    }
}
