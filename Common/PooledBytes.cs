using System.Buffers;

namespace MLClassify.Common;

/// <summary>What a stream holds, in memory that a pool lends.</summary>
internal sealed class PooledBytes : IDisposable
{
    // Where the stream does not say how long it is: most photos of the web.
    private const int FirstLength = 1 << 18;

    private byte[] _bytes;
    private int _length;

    private PooledBytes(Stream stream, long limit = long.MaxValue)
    {
        long expected = stream.CanSeek ? stream.Length - stream.Position + 1 : FirstLength;
        _bytes = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(Math.Min(expected, limit), 1, Array.MaxLength));
    }

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>The content, as memory.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Whether the stream has more than the limit, so that what there is of it here is worth nothing.</summary>
    public bool IsLonger { get; private set; }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream, from its position on; not disposed.</param>
    /// <exception cref="IOException">The stream cannot be read, or has more than 2 GB.</exception>
    public static PooledBytes Read(Stream stream)
    {
        var content = new PooledBytes(stream);
        try
        {
            while (stream.Read(content.Rest()) is > 0 and int read)
            {
                content._length += read;
            }

            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Reads a stream to its end, without a thread that waits.</summary>
    /// <param name="stream">The stream, from its position on; not disposed.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <param name="limit">The most bytes; reading ends once there are more.</param>
    /// <exception cref="IOException">The stream cannot be read, or has more than 2 GB.</exception>
    /// <exception cref="OperationCanceledException">The reading was canceled.</exception>
    public static async Task<PooledBytes> ReadAsync(Stream stream, CancellationToken cancellationToken, long limit = long.MaxValue)
    {
        var content = new PooledBytes(stream, limit);
        try
        {
            while (await stream.ReadAsync(content.RestMemory(), cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                content._length += read;
                if (content._length > limit)
                {
                    content.IsLonger = true;
                    break;
                }
            }

            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private Span<byte> Rest() => RestMemory().Span;

    private Memory<byte> RestMemory()
    {
        if (_length == _bytes.Length)
        {
            if (_length == Array.MaxLength)
            {
                throw new IOException(FormattableString.Invariant($"The stream has more than {Array.MaxLength} bytes."));
            }

            byte[] longer = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _length, Array.MaxLength));
            Span.CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = longer;
        }

        return _bytes.AsMemory(_length);
    }
}
