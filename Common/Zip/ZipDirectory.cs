using System.Buffers.Binary;
using System.Text;

namespace MLClassify.Common.Zip;

/// <summary>
/// Reads a zip's directory (PKWARE's APPNOTE, sections 4.3 and 4.5, zip64 included) more strictly than most: the directory must end
/// where the end record begins, every name occurs once, local headers agree with the directory, no two files overlap. Lies about sizes
/// end here, before anybody takes memory for them.
/// </summary>
internal sealed class ZipDirectory
{
    /// <summary>The most files that a zip may have: several for each tensor of the largest networks.</summary>
    public const int MaximumItems = 1 << 16;

    /// <summary>Deflate cannot do better (the longest match of RFC 1951, 258 bytes, in two bits); more is a lie.</summary>
    public const long HighestRatio = 1032;

    private const int EndBytes = 22;
    private const int EndLocatorBytes = 20;
    private const int End64Bytes = 56;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int MaximumComment = ushort.MaxValue;
    private const int MaximumName = 4096;
    private const uint EndSignature = 0x06054B50;
    private const uint EndLocatorSignature = 0x07064B50;
    private const uint End64Signature = 0x06064B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint LocalSignature = 0x04034B50;
    private const ushort Zip64Extra = 1;
    private const int EncryptedFlags = 0x2041;
    private const int Utf8Flag = 0x800;

    private readonly Stream _stream;
    private readonly ContentProblem _problem;
    private readonly Dictionary<string, ZipItem> _items = new(StringComparer.Ordinal);
    private long _directory;

    private ZipDirectory(Stream stream, ContentProblem problem)
    {
        _stream = stream;
        _problem = problem;
    }

    /// <summary>The files, by name; folders are left out.</summary>
    public IReadOnlyDictionary<string, ZipItem> Items => _items;

    /// <summary>Reads and checks the directory.</summary>
    /// <param name="stream">The zip, seekable.</param>
    /// <param name="problem">Makes the exception for a zip that is damaged, or has something that no honest file needs.</param>
    public static ZipDirectory Read(Stream stream, ContentProblem problem)
    {
        var zip = new ZipDirectory(stream, problem);
        (long count, long size, long offset) = zip.End();
        zip._directory = offset;
        byte[] directory = zip.Bytes(offset, (int)size);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            at = zip.AddItem(directory, at);
        }

        if (at != directory.Length)
        {
            throw zip.Problem("bytes follow the directory's last entry", offset + at);
        }

        zip.CheckOverlaps();
        return zip;
    }

    private (long Count, long Size, long Offset) End()
    {
        int tail = (int)Math.Min(_stream.Length, EndBytes + MaximumComment);
        byte[] bytes = Bytes(_stream.Length - tail, tail);
        int at = tail - EndBytes;
        while (at >= 0 && !(U32(bytes, at) == EndSignature && at + EndBytes + U16(bytes, at + 20) == tail))
        {
            at--;
        }

        if (at < 0)
        {
            throw Problem("the zip has no end record; the file may be cut off", _stream.Length);
        }

        long end = _stream.Length - tail + at;
        long count = U16(bytes, at + 10);
        long size = U32(bytes, at + 12);
        long offset = U32(bytes, at + 16);
        bool isSplit = U16(bytes, at + 4) is not 0 and not ushort.MaxValue || U16(bytes, at + 8) != U16(bytes, at + 10);
        if (at >= EndLocatorBytes && U32(bytes, at - EndLocatorBytes) == EndLocatorSignature)
        {
            long place = Signed(U64(bytes, at - EndLocatorBytes + 8));
            if (place > end - EndLocatorBytes - End64Bytes)
            {
                throw Problem("the zip64 end record is outside the file", end);
            }

            byte[] end64 = Bytes(place, End64Bytes);
            if (U32(end64, 0) != End64Signature)
            {
                throw Problem("the zip64 end record is missing", place);
            }

            end = place;
            count = count == ushort.MaxValue ? Signed(U64(end64, 32)) : count;
            size = size == uint.MaxValue ? Signed(U64(end64, 40)) : size;
            offset = offset == uint.MaxValue ? Signed(U64(end64, 48)) : offset;
        }

        // Subtractions, since sums of hostile numbers overflow.
        if (isSplit || size > end || offset != end - size || count > size / CentralBytes || count > MaximumItems || size > Array.MaxLength)
        {
            throw Problem(
                "the zip's end record is wrong",
                end,
                FormattableString.Invariant($"one part, at most {MaximumItems} files, a directory that ends where the record begins"),
                FormattableString.Invariant($"{count} files, {size} bytes of directory at byte {offset}"));
        }

        return (count, size, offset);
    }

    private int AddItem(byte[] directory, int at)
    {
        if (directory.Length - at < CentralBytes || U32(directory, at) != CentralSignature)
        {
            throw Problem("the zip's directory is damaged", _directory + at);
        }

        int flags = U16(directory, at + 8);
        int method = U16(directory, at + 10);
        int nameLength = U16(directory, at + 28);
        int extraLength = U16(directory, at + 30);
        int next = at + CentralBytes + nameLength + extraLength + U16(directory, at + 32);
        if (next > directory.Length || nameLength > MaximumName)
        {
            throw Problem("an entry of the zip's directory is too long", _directory + at);
        }

        ReadOnlySpan<byte> nameBytes = directory.AsSpan(at + CentralBytes, nameLength);
        string name = ((flags & Utf8Flag) != 0 ? Encoding.UTF8 : Encoding.Latin1).GetString(nameBytes);
        (long length, long compressed, long offset) = Sizes(directory, at, directory.AsSpan(at + CentralBytes + nameLength, extraLength));
        if ((flags & EncryptedFlags) != 0 || method is not 0 and not 8)
        {
            throw Problem(
                $"the zip entry '{Short(name)}' is encrypted, or compressed in a way that is not supported", _directory + at, "stored or deflated");
        }

        bool isDeflated = method == 8;
        if (isDeflated ? length / HighestRatio > compressed : length != compressed)
        {
            throw Problem(
                $"the zip entry '{Short(name)}' claims an impossible length",
                _directory + at,
                found: FormattableString.Invariant($"{length} bytes in {compressed}"));
        }

        var item = new ZipItem(name, offset, Local(name, nameBytes, offset, method, compressed), isDeflated, compressed, length);
        if (!_items.TryAdd(name, item))
        {
            throw Problem($"the zip has two entries '{Short(name)}'", _directory + at);
        }

        return next;
    }

    private (long Length, long Compressed, long Offset) Sizes(byte[] directory, int at, ReadOnlySpan<byte> extra)
    {
        long compressed = U32(directory, at + 20);
        long length = U32(directory, at + 24);
        long offset = U32(directory, at + 42);
        ReadOnlySpan<byte> large = [];
        while (extra.Length >= 4)
        {
            int size = U16(extra, 2);
            if (size > extra.Length - 4)
            {
                throw Problem("an extra field of the zip's directory is too long", _directory + at);
            }

            large = U16(extra, 0) == Zip64Extra ? extra.Slice(4, size) : large;
            extra = extra[(4 + size)..];
        }

        // The extra field holds only what did not fit, in this order.
        length = Widened(length, ref large, at);
        compressed = Widened(compressed, ref large, at);
        offset = Widened(offset, ref large, at);
        return (length, compressed, offset);
    }

    private long Widened(long value, ref ReadOnlySpan<byte> large, int at)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        if (large.Length < 8)
        {
            throw Problem("the zip64 sizes are missing", _directory + at);
        }

        long wide = Signed(U64(large, 0));
        large = large[8..];
        return wide;
    }

    // The local header says where the bytes begin; what else it says must be what the directory says.
    private long Local(string name, ReadOnlySpan<byte> nameBytes, long offset, int method, long compressed)
    {
        long room = _directory - LocalBytes - nameBytes.Length;
        byte[] header = offset <= room ? Bytes(offset, LocalBytes + nameBytes.Length) : [];
        if (header.Length == 0
            || U32(header, 0) != LocalSignature
            || U16(header, 8) != method
            || U16(header, 26) != nameBytes.Length
            || !nameBytes.SequenceEqual(header.AsSpan(LocalBytes)))
        {
            throw Problem($"the zip entry '{Short(name)}' has a local header that contradicts the directory", offset);
        }

        long data = offset + header.Length + U16(header, 28);
        return data <= _directory && compressed <= _directory - data
            ? data
            : throw Problem($"the zip entry '{Short(name)}' reaches into the directory", offset);
    }

    private void CheckOverlaps()
    {
        ZipItem? before = null;
        foreach (ZipItem item in _items.Values.OrderBy(i => i.HeaderOffset))
        {
            if (before is not null && item.HeaderOffset < before.End)
            {
                throw Problem($"the zip entries '{Short(before.Name)}' and '{Short(item.Name)}' overlap", item.HeaderOffset);
            }

            before = item;
        }

        foreach (string folder in _items.Keys.Where(n => n.EndsWith('/')).ToArray())
        {
            _items.Remove(folder);
        }
    }

    private byte[] Bytes(long offset, int length)
    {
        byte[] bytes = new byte[length];
        _stream.Position = offset;
        return _stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) == length
            ? bytes
            : throw Problem("the file ends too early", offset, FormattableString.Invariant($"{length} more bytes"));
    }

    private Exception Problem(string problem, long offset, string? expected = null, string? found = null) =>
        _problem(problem, offset, expected, found);

    private static string Short(string name) => InvalidWeightsException.Shorten(name);

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    // Numbers from 2^63 on are past every file's end, as the largest long is.
    private static long Signed(ulong value) => (long)Math.Min(value, long.MaxValue);
}
