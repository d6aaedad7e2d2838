namespace MLClassify.Datasets;

/// <summary>A stream that may be read forward to a limit.</summary>
/// <param name="inner">What is read.</param>
/// <param name="limit">The most bytes.</param>
/// <param name="name">What it is, for the message.</param>
internal sealed class CountedStream(Stream inner, long limit, string name) : Stream
{
    private const int MostAtOnce = 1 << 20;

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // Files are copied in small pieces: only an entry's own description is asked for at once, before its reader takes the memory for granted.
        if (buffer.Length > MostAtOnce)
        {
            throw new InvalidDatasetException(FormattableString.Invariant($"{name}: an entry's description has {buffer.Length} bytes, expected at most {MostAtOnce}"));
        }

        int count = inner.Read(buffer);
        _read += count;
        return _read <= limit
            ? count
            : throw new InvalidDatasetException(FormattableString.Invariant($"{name}: it holds more than {limit} bytes when decompressed"));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
