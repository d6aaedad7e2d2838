namespace MLClassify.Imaging.Bmp;

/// <summary>Unpacks RLE8 and RLE4 ([MS-WMF] section 3.1.6) into one index a byte.</summary>
internal ref struct BmpRle
{
    // A pair of bytes gives at most 255 pixels, but an end of line or a delta may skip many more: such sparse images are let through
    // up to 4 million pixels.
    private const long LargestRatio = 1024;
    private const long PixelsWithoutQuestion = 1 << 22;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _nibbles;
    private readonly int _width;
    private readonly int _height;
    private readonly int _start;
    private int _read;
    private int _x;
    private int _y;

    public BmpRle(ReadOnlySpan<byte> file, BmpHeader header)
    {
        _data = file[header.PixelStart..];
        _nibbles = header.Compression == BmpCompression.Rle4;
        _width = header.Width;
        _height = header.Height;
        _start = header.PixelStart;
    }

    /// <summary>
    /// Unpacks everything, rows in file order; what the data skips stays 0, what falls outside a row is dropped.
    /// An end of bitmap before the last pixel counts as damage, as in Pillow: sound writers fill the image.
    /// </summary>
    public byte[] Decode()
    {
        long pixels = (long)_width * _height;
        if (pixels > PixelsWithoutQuestion + (_data.Length * LargestRatio))
        {
            throw BmpErrors.Invalid(
                $"the image is {_width} x {_height} pixels; {_data.Length} bytes of run lengths cannot hold them", _start);
        }

        var indices = new byte[pixels];
        while (_y < _height)
        {
            if (_x >= _width && _y == _height - 1)
            {
                break;
            }

            byte count = Next();
            byte value = Next();
            if (count > 0)
            {
                Run(indices, count, value);
            }
            else if (value == 0)
            {
                (_x, _y) = (0, _y + 1);
            }
            else if (value == 1)
            {
                throw BmpErrors.Invalid($"the end-of-bitmap code comes in row {_y} of {_height}", _start + _read - 2);
            }
            else if (value == 2)
            {
                Skip();
            }
            else
            {
                Literal(indices, value);
            }
        }

        return indices;
    }

    private byte Next() => _read < _data.Length ? _data[_read++] : throw Ends();

    private readonly InvalidImageException Ends() =>
        BmpErrors.Truncated($"the run lengths end in row {_y} of {_height}", _start + _data.Length);

    private void Skip()
    {
        _x = Math.Min(_x + Next(), _width);
        _y += Next();
    }

    private void Run(byte[] indices, int count, byte value)
    {
        Span<byte> row = Room(indices, count);
        if (!_nibbles)
        {
            row.Fill(value);
            return;
        }

        for (int i = 0; i < row.Length; i++)
        {
            row[i] = Nibble(value, i);
        }
    }

    private void Literal(byte[] indices, int count)
    {
        int start = _read;
        int bytes = _nibbles ? (count + 1) / 2 : count;
        if (_data.Length - start < bytes)
        {
            throw Ends();
        }

        Span<byte> row = Room(indices, count);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _nibbles ? Nibble(_data[start + (i / 2)], i) : _data[start + i];
        }

        // Literals are padded to whole pairs of bytes; the last pad may be missing at the end of the file.
        _read = Math.Min(start + bytes + (bytes & 1), _data.Length);
    }

    private static byte Nibble(byte pair, int i) => (byte)((i & 1) == 0 ? pair >> 4 : pair & 15);

    private Span<byte> Room(byte[] indices, int count)
    {
        int fits = Math.Min(count, _width - _x);
        Span<byte> room = indices.AsSpan((_y * _width) + _x, fits);
        _x += fits;
        return room;
    }
}
