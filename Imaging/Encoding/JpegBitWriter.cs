namespace MLClassify.Imaging.Encoding;

/// <summary>Bits into bytes, first bit highest, a zero byte after each 0xFF: T.81 F.1.2.3.</summary>
internal sealed class JpegBitWriter(Stream destination)
{
    private readonly byte[] _buffer = new byte[4096];
    private int _used;
    private ulong _pending;
    private int _pendingCount;

    /// <summary>Appends the lowest bits of a value.</summary>
    /// <param name="bits">The value; no bit set above <paramref name="count"/>.</param>
    /// <param name="count">0 to 32.</param>
    public void Write(uint bits, int count)
    {
        _pending = (_pending << count) | bits;
        _pendingCount += count;
        while (_pendingCount >= 8)
        {
            _pendingCount -= 8;
            Append((byte)(_pending >> _pendingCount));
        }
    }

    /// <summary>Fills the last byte with ones and hands everything to the stream.</summary>
    public void Finish()
    {
        int fill = (8 - _pendingCount) & 7;
        Write((1u << fill) - 1, fill);
        destination.Write(_buffer, 0, _used);
        _used = 0;
    }

    private void Append(byte value)
    {
        if (_used + 2 > _buffer.Length)
        {
            destination.Write(_buffer, 0, _used);
            _used = 0;
        }

        _buffer[_used++] = value;
        if (value == 0xFF)
        {
            _buffer[_used++] = 0;
        }
    }
}
