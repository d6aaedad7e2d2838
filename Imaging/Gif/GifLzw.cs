namespace MLClassify.Imaging.Gif;

/// <summary>Decompresses GIF's variant of LZW (GIF89a appendix F): codes of 3 to 12 bits, least significant bit first.</summary>
internal ref struct GifLzw
{
    private const int LargestCodeSize = 12;
    private const int TableSize = 1 << LargestCodeSize;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _clear;
    private readonly int _minimumCodeSize;
    private readonly long _offset;

    // A table entry is the string of another entry and one more index.
    private readonly ushort[] _prefix = new ushort[TableSize];
    private readonly byte[] _last = new byte[TableSize];
    private readonly byte[] _first = new byte[TableSize];
    private readonly ushort[] _length = new ushort[TableSize];

    private int _next;
    private int _codeSize;
    private uint _bits;
    private int _bitCount;
    private int _read;

    /// <param name="data">The joined sub-blocks.</param>
    /// <param name="minimumCodeSize">Bits of a color index, 2 to 8.</param>
    /// <param name="offset">Where the data begins in the file, for messages.</param>
    public GifLzw(ReadOnlySpan<byte> data, int minimumCodeSize, long offset)
    {
        _data = data;
        _offset = offset;
        _minimumCodeSize = minimumCodeSize;
        _clear = 1 << minimumCodeSize;
        for (int i = 0; i < _clear; i++)
        {
            _last[i] = _first[i] = (byte)i;
            _length[i] = 1;
        }

        Clear();
    }

    /// <summary>The most indices that so many bytes can stand for: every code the longest string.</summary>
    public static long LargestOutput(int dataLength, int minimumCodeSize) => dataLength * 8L / (minimumCodeSize + 1) * TableSize;

    /// <summary>Fills all of <paramref name="indices"/>; what data is left over is ignored.</summary>
    public void Decode(Span<byte> indices)
    {
        int written = 0;
        int previous = -1;
        while (written < indices.Length)
        {
            int code = ReadCode(written, indices.Length);
            if (code == _clear)
            {
                Clear();
                previous = -1;
                continue;
            }

            if (code == _clear + 1)
            {
                throw Ends(written, indices.Length);
            }

            if (code > _next || (code == _next && (previous < 0 || _next == TableSize)) || (previous < 0 && code > _clear))
            {
                throw GifErrors.Invalid($"the compressed data is damaged: found LZW code {code}, expected at most {_next}", _offset);
            }

            // The code about to be defined: the previous string and its own first index.
            byte first = code == _next ? _first[previous] : _first[code];
            if (previous >= 0 && _next < TableSize)
            {
                Add(previous, first);
            }

            written += Write(code, indices[written..]);
            previous = code;
        }
    }

    private void Clear()
    {
        _next = _clear + 2;
        _codeSize = _minimumCodeSize + 1;
    }

    private void Add(int prefix, byte last)
    {
        _prefix[_next] = (ushort)prefix;
        _last[_next] = last;
        _first[_next] = _first[prefix];
        _length[_next] = (ushort)(_length[prefix] + 1);
        _next++;
        if (_next == 1 << _codeSize && _codeSize < LargestCodeSize)
        {
            _codeSize++;
        }
    }

    // Strings unwind from their end. One that reaches past the image loses its tail.
    private readonly int Write(int code, Span<byte> target)
    {
        int length = _length[code];
        for (int i = length - 1; i >= 0; i--)
        {
            if (i < target.Length)
            {
                target[i] = _last[code];
            }

            code = _prefix[code];
        }

        return Math.Min(length, target.Length);
    }

    private int ReadCode(int written, int total)
    {
        while (_bitCount < _codeSize)
        {
            if (_read == _data.Length)
            {
                throw Ends(written, total);
            }

            _bits |= (uint)_data[_read++] << _bitCount;
            _bitCount += 8;
        }

        int code = (int)(_bits & ((1u << _codeSize) - 1));
        _bits >>= _codeSize;
        _bitCount -= _codeSize;
        return code;
    }

    private readonly InvalidImageException Ends(int written, int total) =>
        GifErrors.Truncated($"the image data ends after {written} of {total} pixels", _offset + _read);
}
