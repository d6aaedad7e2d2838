using System.Buffers;
using System.Numerics;
using MLClassify.Hosting;
using MLClassify.Hosting.Batching;

namespace MLClassify.AspNetCore.Http;

/// <summary>
/// One uploaded file in memory that a pool lends. It grows with what has arrived, never with what a header announced, and never past the
/// limit.
/// </summary>
internal sealed class Upload : IDisposable
{
    private const int FirstCapacity = 16 << 10;

    private readonly UploadBudget _budget;
    private byte[] _bytes = [];
    private int _capacity;
    private int _length;

    private Upload(UploadBudget budget) => _budget = budget;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">The most bytes that it may have, at most 1 GiB.</param>
    /// <param name="timeout">The longest that it may take.</param>
    /// <param name="time">The clock that the timeout goes by.</param>
    /// <param name="budget">Where the memory counts.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RequestException">The stream is longer, or took too long.</exception>
    /// <exception cref="ServerBusyException">The budget is spent.</exception>
    public static async Task<Upload> ReadAsync(
        Stream stream, long limit, TimeSpan timeout, TimeProvider time, UploadBudget budget, CancellationToken cancellationToken)
    {
        var upload = new Upload(budget);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await upload.ReadAsync(stream, (int)limit, either.Token).ConfigureAwait(false);
            return upload;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            upload.Dispose();
            throw RequestException.TooSlow(timeout);
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    public void Dispose() => Replace([], 0);

    private async Task ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _capacity)
            {
                if (_capacity == limit)
                {
                    await ExpectEndAsync(stream, limit, cancellationToken).ConfigureAwait(false);
                    return;
                }

                Grow((int)Math.Min(limit, Math.Max(FirstCapacity, 2L * _capacity)));
            }

            int read = await stream.ReadAsync(_bytes.AsMemory(_length, _capacity - _length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _length += read;
        }
    }

    private static async Task ExpectEndAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        byte[] further = new byte[1];
        if (await stream.ReadAsync(further, cancellationToken).ConfigureAwait(false) != 0)
        {
            throw RequestException.TooLarge("the file", limit);
        }
    }

    private void Grow(int capacity)
    {
        _budget.Take(Lent(capacity));
        byte[] larger;
        try
        {
            larger = ArrayPool<byte>.Shared.Rent(capacity);
        }
        catch
        {
            _budget.Give(Lent(capacity));
            throw;
        }

        _bytes.AsSpan(0, _length).CopyTo(larger);
        Replace(larger, capacity);
    }

    // The pool lends powers of two.
    private static int Lent(int capacity) => (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)capacity), 1 << 30);

    private void Replace(byte[] bytes, int capacity)
    {
        if (_capacity > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _budget.Give(Lent(_capacity));
        }

        (_bytes, _capacity) = (bytes, capacity);
    }
}
