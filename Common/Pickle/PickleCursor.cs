using System.Buffers.Binary;
using System.Text;

namespace MLClassify.Common.Pickle;

/// <summary>Reads a pickle's bytes; every length is compared with what the file still has before memory is taken.</summary>
/// <param name="stream">The file, seekable and buffered.</param>
/// <param name="problem">Makes the exception for a pickle that is damaged or hostile.</param>
/// <param name="options">What the reader of this kind of file admits; everything that plain data needs when null.</param>
internal sealed class PickleCursor(Stream stream, ContentProblem problem, PickleOptions? options = null)
{
    // Names in files of data have tens of characters.
    private const int MaximumText = PickleOptions.MaximumText;
    private const int MaximumOldText = 1 << 12;
    private const int MaximumInline = byte.MaxValue;

    public long Position => stream.Position;

    public PickleOptions Options { get; } = options ?? new PickleOptions();

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

    /// <summary>
    /// A signed little-endian number; longer than 64 bits (the state of a random generator, say) it is passed over, null.
    /// </summary>
    public long? Long(long length)
    {
        if (length is < 0 or > MaximumText)
        {
            throw Problem("a number is too long", FormattableString.Invariant($"at most {MaximumText} bytes"), FormattableString.Invariant($"{length}"));
        }

        if (length > sizeof(long))
        {
            if (!Options.AllowsLargeNumbers)
            {
                throw Problem("a number has more than 64 bits");
            }

            Skip(length);
            return null;
        }

        long value = Integer((int)length);
        int unused = 64 - (8 * (int)length);
        return length is 0 ? 0 : value << unused >> unused;
    }

    /// <summary>Text in UTF-8: a string, or the place of one that is too long for a name.</summary>
    public object Text(long length)
    {
        if (length > MaximumText)
        {
            return length <= stream.Length - stream.Position
                ? Bytes(length) with { IsText = true }
                : throw Problem("a string is too long", FormattableString.Invariant($"at most {stream.Length - stream.Position} bytes"), FormattableString.Invariant($"{length}"));
        }

        return Encoding.UTF8.GetString(ReadBytes(length));
    }

    /// <summary>Python 2's strings: a name each, or the place of one that is too long for a name; bytes where the options say so.</summary>
    public object OldText(long length)
    {
        if (length > MaximumOldText || Options.OldStringsAreBytes)
        {
            return Bytes(length);
        }

        return Encoding.Latin1.GetString(ReadBytes(length));
    }

    public PickleBytes Bytes(long length)
    {
        long offset = stream.Position;
        if (length is >= 0 and <= MaximumInline)
        {
            return new PickleBytes(offset, length, ReadBytes(length));
        }

        Skip(length);
        return new PickleBytes(offset, length);
    }

    public string Line()
    {
        var text = new StringBuilder();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (text.Length == Options.MaximumLine)
            {
                throw Problem("a line is too long", FormattableString.Invariant($"at most {Options.MaximumLine} bytes"), "more");
            }

            text.Append((char)next);
        }

        return text.ToString();
    }

    public Exception Problem(string what, string? expected = null, string? found = null, long? offset = null) =>
        problem(what, offset ?? stream.Position, expected, found);

    private void Require(long length)
    {
        if (length < 0 || length > stream.Length - stream.Position)
        {
            throw End(length);
        }
    }

    private void Skip(long length)
    {
        Require(length);
        stream.Position += length;
    }

    private byte[] ReadBytes(long length)
    {
        Require(length);
        byte[] bytes = new byte[length];
        Read(bytes);
        return bytes;
    }

    private void Read(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw End(bytes.Length);
        }
    }

    private Exception End(long length) => Problem(
        "the file ends too early",
        FormattableString.Invariant($"{length} more bytes"),
        FormattableString.Invariant($"{stream.Length - stream.Position}"));
}
