using System.Buffers.Binary;
using Google.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>Elements that lie in the model's file: raw, or as numbers in the typed fields, in any number of pieces.</summary>
internal sealed class FileTensorContent : TensorContent
{
    private const int BlockBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly string _file;
    private IReadOnlyList<FileSection> _sections;

    /// <summary>Elements that were stepped over; <see cref="Locate"/> comes before they are read.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="sections">Where they lie, in order.</param>
    public FileTensorContent(Stream stream, string file, IReadOnlyList<FileSection> sections)
    {
        _stream = stream;
        _file = file;
        _sections = sections;
    }

    private delegate void Converter<T>(ReadOnlySpan<byte> bytes, Span<T> values);

    private bool IsRaw => _sections[0].Field == (int)TensorField.RawData;

    /// <summary>
    /// Finds where each piece begins, and checks what can be checked without reading more: one field, the one that the type needs, and as
    /// many bytes as the dimensions need.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="InvalidWeightsException">The elements are not what the tensor's type and dimensions need.</exception>
    public void Locate(TensorProto tensor)
    {
        _sections = [.. _sections.Select(Payload)];
        if (_sections.Count == 0)
        {
            if (tensor.Count != 0)
            {
                throw Fault(tensor, null, "it has no elements", FormattableString.Invariant($"{tensor.Count}"), null);
            }

            return;
        }

        TensorField field = (TensorField)_sections[0].Field;
        if (_sections.FirstOrDefault(s => s.Field != (int)field) is { Field: > 0 } other)
        {
            throw Fault(tensor, other.Begin, "its elements lie in several fields", $"{field}", $"{(TensorField)other.Field}");
        }

        if (IsRaw && _sections.Count > 1)
        {
            throw Fault(tensor, _sections[1].Begin, "it has raw elements twice", null, null);
        }

        TensorField? typed = TensorDataTypes.FieldOf(tensor.DataType);
        if (typed is not null && field != TensorField.RawData && field != typed)
        {
            throw Fault(tensor, _sections[0].Begin, "its elements lie in the wrong field", $"{TensorField.RawData} or {typed}", $"{field}");
        }

        int size = field == TensorField.RawData ? ElementSize(tensor) : FixedSize(field);
        long bytes = _sections.Sum(s => s.End - s.Begin);
        if (size > 0 && (bytes != (Int128)tensor.Count * size || _sections.Any(s => (s.End - s.Begin) % size != 0)))
        {
            throw Fault(
                tensor,
                _sections[0].Begin,
                $"the number of bytes does not fit [{string.Join(", ", tensor.Dims)}]",
                FormattableString.Invariant($"{(Int128)tensor.Count * size}"),
                FormattableString.Invariant($"{bytes}"));
        }

        if (size == 0 && bytes < tensor.Count)
        {
            throw Fault(tensor, _sections[0].Begin, "it has too few elements", FormattableString.Invariant($"{tensor.Count}"), null);
        }
    }

    /// <inheritdoc/>
    public override void ReadSingles(TensorProto tensor, Span<float> values)
    {
        ElementType type = TypeOf(tensor);
        if (values.IsEmpty)
        {
            return;
        }

        if (IsRaw || type is ElementType.F32 or ElementType.F64)
        {
            ReadBytes(tensor, ElementTypes.SizeOf(type), values, (bytes, part) => ElementTypes.ToSingle(type, bytes, part));
            return;
        }

        ReadVarints(tensor, values, value => ToSingle(type, value));
    }

    /// <inheritdoc/>
    public override void ReadInt64s(TensorProto tensor, Span<long> values)
    {
        ElementType type = TypeOf(tensor);
        if (type is ElementType.F16 or ElementType.BF16 or ElementType.F32 or ElementType.F64)
        {
            throw Fault(tensor, null, "its elements are of the wrong type", "whole numbers", $"{tensor.DataType}");
        }

        if (values.IsEmpty)
        {
            return;
        }

        if (IsRaw)
        {
            ReadBytes(tensor, ElementTypes.SizeOf(type), values, (bytes, part) => ElementTypes.ToInt64(type, bytes, part));
            return;
        }

        ReadVarints(tensor, values, static value => value);
    }

    private static int FixedSize(TensorField field) => field switch
    {
        TensorField.FloatData => sizeof(float),
        TensorField.DoubleData => sizeof(double),
        _ => 0,
    };

    private static float ToSingle(ElementType type, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Span<float> result = stackalloc float[1];
        ElementTypes.ToSingle(type, bytes, result);
        return result[0];
    }

    private static int ElementSize(TensorProto tensor) =>
        TensorDataTypes.ToElementType(tensor.DataType) is { } type ? ElementTypes.SizeOf(type) : 0;

    private ElementType TypeOf(TensorProto tensor) => TensorDataTypes.ToElementType(tensor.DataType)
        ?? throw Fault(tensor, null, "its elements are of a type that is not read", "numbers of 8 to 64 bits", $"{tensor.DataType}");

    // A length was stepped over with its value; only the file knows how many bytes it takes.
    private FileSection Payload(FileSection section)
    {
        if (!section.HasLength)
        {
            return section;
        }

        _stream.Position = section.Begin;
        for (long at = section.Begin; at < section.End; at++)
        {
            if (_stream.ReadByte() < 0x80)
            {
                return section with { Begin = at + 1 };
            }
        }

        return section with { Begin = section.End };
    }

    private void ReadBytes<T>(TensorProto tensor, int size, Span<T> values, Converter<T> convert)
    {
        byte[] block = new byte[(int)Math.Min(BlockBytes, _sections.Max(s => s.End - s.Begin))];
        int done = 0;
        foreach (FileSection section in _sections)
        {
            for (long at = section.Begin; at < section.End;)
            {
                Span<byte> bytes = block.AsSpan(0, (int)Math.Min(section.End - at, block.Length));
                ReadExactly(tensor, at, bytes);
                at += bytes.Length;
                int count = bytes.Length / size;
                convert(bytes, values.Slice(done, count));
                done += count;
            }
        }
    }

    private void ReadVarints<T>(TensorProto tensor, Span<T> values, Func<long, T> convert)
    {
        byte[] block = new byte[(int)Math.Min(BlockBytes, _sections.Max(s => s.End - s.Begin))];
        int done = 0;
        foreach (FileSection section in _sections)
        {
            // Numbers may come one in a section: a stream's buffer for each would cost more than they do.
            bool isShort = section.End - section.Begin <= block.Length;
            long end = isShort ? section.End - section.Begin : section.End;
            using CodedInputStream input = isShort ? ReadShort(tensor, section, block) : ReadLong(section);
            try
            {
                while (input.Position < end)
                {
                    long value = input.ReadInt64();
                    if (done == values.Length || input.Position > end)
                    {
                        throw Fault(tensor, section.Begin, "it has too many elements, or a broken one", FormattableString.Invariant($"{values.Length}"), null);
                    }

                    values[done++] = convert(value);
                }
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new InvalidWeightsException(_file, "a number is damaged", tensor.Name, section.Begin, innerException: e);
            }
        }

        if (done != values.Length)
        {
            throw Fault(tensor, _sections[0].Begin, "it has too few elements", FormattableString.Invariant($"{values.Length}"), FormattableString.Invariant($"{done}"));
        }
    }

    private CodedInputStream ReadShort(TensorProto tensor, FileSection section, byte[] block)
    {
        int length = (int)(section.End - section.Begin);
        ReadExactly(tensor, section.Begin, block.AsSpan(0, length));
        return new CodedInputStream(block, 0, length);
    }

    private CodedInputStream ReadLong(FileSection section)
    {
        _stream.Position = section.Begin;
        return new CodedInputStream(_stream, leaveOpen: true);
    }

    private void ReadExactly(TensorProto tensor, long position, Span<byte> bytes)
    {
        _stream.Position = position;
        try
        {
            _stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidWeightsException(_file, "the file ends too early", tensor.Name, position, innerException: e);
        }
    }

    private InvalidWeightsException Fault(TensorProto tensor, long? offset, string problem, string? expected, string? found) =>
        new(_file, problem, tensor.Name, offset, expected, found);
}
