using System.Buffers.Binary;
using System.Text;

namespace MLClassify.Networks.Weights.Pickle;

/// <summary>Reads a pickle's bytes; every length is compared with what the file still has before memory is taken.</summary>
/// <param name="stream">The file, seekable and buffered.</param>
/// <param name="file">The file, for messages.</param>
internal sealed class PickleCursor(Stream stream, string file)
{
    // Names in weight files have tens of characters.
    private const int MaximumText = 1 << 16;

    public long Position => stream.Position;

    public string File => file;

    public byte Byte()
    {
        int value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw End(1);
    }

    public long Integer(int bytes)
    {
        Span<byte> value = stackalloc byte[sizeof(long)];
        value.Clear();
        Read(value[..bytes]);
        return BinaryPrimitives.ReadInt64LittleEndian(value);
    }

    public double BigEndianDouble()
    {
        Span<byte> value = stackalloc byte[sizeof(double)];
        Read(value);
        return BinaryPrimitives.ReadDoubleBigEndian(value);
    }

    /// <summary>A signed little-endian number of any length; more than 64 bits are refused.</summary>
    public long Long(long length)
    {
        if (length is < 0 or > sizeof(long))
        {
            throw Problem("a number is too long", "at most 8 bytes", FormattableString.Invariant($"{length}"));
        }

        long value = Integer((int)length);
        int unused = 64 - (8 * (int)length);
        return length is 0 ? 0 : value << unused >> unused;
    }

    public string Text(long length, Encoding encoding)
    {
        if (length is < 0 or > MaximumText)
        {
            throw Problem("a string is too long", FormattableString.Invariant($"at most {MaximumText} bytes"), FormattableString.Invariant($"{length}"));
        }

        Require(length);
        byte[] bytes = new byte[length];
        Read(bytes);
        return encoding.GetString(bytes);
    }

    public PickleBytes Bytes(long length)
    {
        Require(length);
        if (length > Array.MaxLength)
        {
            throw Problem("a string of bytes is too long", FormattableString.Invariant($"at most {Array.MaxLength}"), FormattableString.Invariant($"{length}"));
        }

        var bytes = new PickleBytes(stream.Position, (int)length);
        stream.Position += length;
        return bytes;
    }

    public string Line()
    {
        var text = new StringBuilder();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (text.Length == MaximumText)
            {
                throw Problem("a line is too long", FormattableString.Invariant($"at most {MaximumText} bytes"), "more");
            }

            text.Append((char)next);
        }

        return text.ToString();
    }

    public InvalidWeightsException Problem(string problem, string? expected = null, string? found = null, long? offset = null) =>
        new(file, problem, offset: offset ?? stream.Position, expected: expected, found: found);

    private void Require(long length)
    {
        if (length < 0 || length > stream.Length - stream.Position)
        {
            throw End(length);
        }
    }

    private void Read(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw End(bytes.Length);
        }
    }

    private InvalidWeightsException End(long length) => Problem(
        "the file ends too early",
        FormattableString.Invariant($"{length} more bytes"),
        FormattableString.Invariant($"{stream.Length - stream.Position}"));
}
