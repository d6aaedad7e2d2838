using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// A tensor's elements as the bytes of <see cref="TensorProto.RawData"/>, which are computed only when they are written. A message with
/// such fields is measured and written by the generated code like any other, and a model's weights are in memory one tensor at a time.
/// </summary>
/// <remarks>
/// Generated code measures a field of bytes by its length alone, and looks at the content once, when it writes it. Comparing or hashing
/// such a message would compute the elements too; nobody does.
/// </remarks>
/// <typeparam name="T">The elements' type.</typeparam>
internal sealed class DeferredElements<T> : MemoryManager<byte>
    where T : unmanaged
{
    private readonly int _byteCount;
    private readonly Func<T[]> _values;

    private DeferredElements(int byteCount, Func<T[]> values)
    {
        _byteCount = byteCount;
        _values = values;
    }

    /// <summary>The bytes, without reading them.</summary>
    public override Memory<byte> Memory => CreateMemory(_byteCount);

    /// <summary>A field of bytes, little-endian, whose content is computed each time it is looked at.</summary>
    /// <param name="count">The number of elements.</param>
    /// <param name="values">Returns the elements; always the same ones.</param>
    /// <exception cref="NotSupportedException">A field cannot hold that many.</exception>
    public static unsafe ByteString Create(long count, Func<T[]> values)
    {
        Int128 bytes = (Int128)count * sizeof(T);
        return bytes <= int.MaxValue
            ? UnsafeByteOperations.UnsafeWrap(new DeferredElements<T>((int)bytes, values).Memory)
            : throw ModelWriter.TooLarge(bytes);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        T[] values = _values();
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (bytes.Length != _byteCount)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"A tensor needs {_byteCount} bytes, got {bytes.Length}."));
        }

        return BitConverter.IsLittleEndian ? bytes : LittleEndian(bytes);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Unpin() => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private static unsafe Span<byte> LittleEndian(Span<byte> bytes)
    {
        byte[] result = new byte[bytes.Length];
        if (sizeof(T) == sizeof(long))
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, long>(bytes), MemoryMarshal.Cast<byte, long>(result.AsSpan()));
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(bytes), MemoryMarshal.Cast<byte, int>(result.AsSpan()));
        }

        return result;
    }
}
