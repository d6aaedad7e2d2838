using Google.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx.Protobuf;

/// <summary>Writes a message field by field, also one that no schema allows.</summary>
internal sealed class FieldWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>Writes a whole number.</summary>
    public void Int64(int field, long value) => Write(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    /// <summary>Writes a number of single precision.</summary>
    public void Single(int field, float value) => Write(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    /// <summary>Writes a text.</summary>
    public void String(int field, string value) => Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    /// <summary>Writes bytes.</summary>
    public void Bytes(int field, params byte[] value) =>
        Write(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(ByteString.CopyFrom(value)));

    /// <summary>Writes a message, which must be complete.</summary>
    public void Message(int field, FieldWriter message) => Bytes(field, message.ToArray());

    /// <summary>The message's bytes.</summary>
    public byte[] ToArray() => [.. _bytes];

    private void Write(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(field, type);
        write(output);
        output.Flush();
        _bytes.AddRange(stream.ToArray());
    }
}
