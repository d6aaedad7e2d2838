using System.IO.Compression;

namespace MLClassify.Imaging.Png;

/// <summary>Decompresses and unfilters the rows of all passes, one at a time.</summary>
internal sealed class PngRows : IDisposable
{
    // Deflate spends at least two bits on a copy of at most 258 bytes (RFC 1951 section 3.2.5): a ratio of 1032.
    private const long LargestDeflateRatio = 1032;

    private readonly PngHeader _header;
    private readonly byte[] _compressed;
    private readonly long _offset;
    private readonly ZLibStream _zlib;
    private byte[] _row;
    private byte[] _above;

    public PngRows(PngHeader header, byte[] compressed, long offset)
    {
        _header = header;
        _compressed = compressed;
        _offset = offset;

        // The filter byte comes with each row, at index 0.
        _row = new byte[1 + header.RowBytes(header.Width)];
        _above = new byte[_row.Length];
        _zlib = new ZLibStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
    }

    /// <summary>Refuses a size that the data cannot fill, before memory is spent on it.</summary>
    public static void CheckDataSuffices(PngHeader header, PngPass[] passes, int compressedLength, long offset)
    {
        long row = header.RowBytes(header.Width);
        if (row >= Array.MaxLength)
        {
            throw PngErrors.Unsupported($"rows of {row} bytes are too long", offset);
        }

        long needed = passes.Sum(p => p.Bytes(header));
        if (needed > compressedLength * LargestDeflateRatio)
        {
            throw PngErrors.Invalid(
                $"{header.Width} x {header.Height} pixels need {needed} bytes, more than {compressedLength} bytes of data (IDAT) can hold",
                offset);
        }
    }

    /// <summary>The row above the first of a pass is zero (PNG, third edition, section 9.2).</summary>
    public void StartPass() => Array.Clear(_above);

    /// <summary>The next row of a pass, unfiltered; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(PngPass pass, int y)
    {
        int length = (int)_header.RowBytes(pass.Width);
        Fill(_row.AsSpan(0, 1 + length), pass, y);

        int filter = _row[0];
        if (filter >= PngUnfilter.FilterCount)
        {
            throw PngErrors.Invalid($"row {y} of {pass.Height} has filter type {filter}, expected 0 to 4", _offset);
        }

        Span<byte> row = _row.AsSpan(1, length);
        PngUnfilter.Apply(filter, row, _above.AsSpan(1, length), _header.FilterDistance);
        (_row, _above) = (_above, _row);
        return row;
    }

    /// <summary>
    /// Reads past the last row, so that a checksum which is there gets compared. Surplus data and a missing checksum do no harm.
    /// </summary>
    public void CheckEnd()
    {
        Span<byte> surplus = stackalloc byte[1];
        _ = Inflate(surplus, "after the last row");
    }

    public void Dispose() => _zlib.Dispose();

    private void Fill(Span<byte> row, PngPass pass, int y)
    {
        int read = Inflate(row, "in the image's rows");
        if (read < row.Length)
        {
            throw PngErrors.Truncated($"the image data ends in row {y} of {pass.Height}", _offset + _compressed.Length);
        }
    }

    // Damage shows as InvalidDataException, and as IOException where the stream asks for a preset dictionary.
    private int Inflate(Span<byte> destination, string place)
    {
        try
        {
            return _zlib.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw PngErrors.Invalid($"the compressed data (zlib) is damaged {place}", _offset, e);
        }
    }
}
