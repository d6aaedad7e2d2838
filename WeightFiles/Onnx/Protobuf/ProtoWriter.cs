using System.Buffers;
using Google.Protobuf;

namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>
/// Gathers one message. Its length has to stand before it, so everything but tensors' elements is kept until it is written; those are
/// counted, and made when their turn comes.
/// </summary>
internal sealed class ProtoWriter
{
    private readonly List<(long Length, Action<Stream> Write)> _pieces = [];
    private ArrayBufferWriter<byte> _bytes = new();
    private long _length;

    /// <summary>The message's bytes so far.</summary>
    public long Length => _length + _bytes.WrittenCount;

    /// <summary>The error for a message that protocol buffers cannot hold.</summary>
    /// <param name="length">Its length.</param>
    public static NotSupportedException TooLarge(long length) => new(FormattableString.Invariant(
        $"The model is too large for one ONNX file: it needs {length} bytes or more, and protocol buffers end at {int.MaxValue}."));

    /// <summary>Writes a whole number.</summary>
    public void Int64(int field, long value)
    {
        Tag(field, WireFormat.WireType.Varint);
        Append(CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));
    }

    /// <summary>Writes a number of single precision.</summary>
    public void Single(int field, float value)
    {
        Tag(field, WireFormat.WireType.Fixed32);
        Append(CodedOutputStream.ComputeFloatSize(value), output => output.WriteFloat(value));
    }

    /// <summary>Writes a text.</summary>
    public void String(int field, string value)
    {
        Tag(field, WireFormat.WireType.LengthDelimited);
        Append(CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));
    }

    /// <summary>Writes a text unless it is empty, as the schema's absent one is.</summary>
    public void OptionalString(int field, string value)
    {
        if (value.Length > 0)
        {
            String(field, value);
        }
    }

    /// <summary>Writes a message, which must be complete.</summary>
    public void Message(int field, ProtoWriter message)
    {
        Head(field, message.Length);
        message.Seal();
        Seal();
        _pieces.AddRange(message._pieces);
        _length += message._length;
    }

    /// <summary>Writes bytes that are made later.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="length">How many.</param>
    /// <param name="write">Writes them.</param>
    public void Deferred(int field, long length, Action<Stream> write)
    {
        Head(field, length);
        Seal();
        AddPiece(length, write);
    }

    /// <summary>Writes the message to a stream.</summary>
    /// <param name="stream">Where to.</param>
    public void WriteTo(Stream stream)
    {
        Seal();
        foreach ((_, Action<Stream> write) in _pieces)
        {
            write(stream);
        }
    }

    private void Head(int field, long length)
    {
        if (length > int.MaxValue)
        {
            throw TooLarge(length);
        }

        Tag(field, WireFormat.WireType.LengthDelimited);
        Append(CodedOutputStream.ComputeLengthSize((int)length), output => output.WriteLength((int)length));
    }

    private void Tag(int field, WireFormat.WireType type) =>
        Append(CodedOutputStream.ComputeTagSize(field), output => output.WriteTag(field, type));

    private void Append(int size, Action<CodedOutputStream> write)
    {
        byte[] bytes = new byte[size];
        using var output = new CodedOutputStream(bytes);
        write(output);
        output.CheckNoSpaceLeft();
        _bytes.Write(bytes);
    }

    private void Seal()
    {
        if (_bytes.WrittenCount > 0)
        {
            ReadOnlyMemory<byte> bytes = _bytes.WrittenMemory;
            AddPiece(bytes.Length, stream => stream.Write(bytes.Span));
            _bytes = new ArrayBufferWriter<byte>();
        }
    }

    private void AddPiece(long length, Action<Stream> write)
    {
        _pieces.Add((length, write));
        _length += length;
    }
}
