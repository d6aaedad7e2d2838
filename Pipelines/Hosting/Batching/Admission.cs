namespace MLClassify.Hosting.Batching;

/// <summary>Counts the images between upload and answer, and refuses further ones at a limit: refusing before decoding is what protects a busy server.</summary>
internal sealed class Admission(int limit)
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _isClosed;

    /// <summary>Images that were admitted and have not left.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Limit => limit;

    /// <summary>Whether nobody is admitted any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Takes a place.</summary>
    /// <exception cref="ServerBusyException">There is none.</exception>
    public void Enter()
    {
        if (_isClosed)
        {
            throw new ServerBusyException("the server is stopping");
        }

        if (Interlocked.Increment(ref _count) > limit)
        {
            Leave();
            throw new ServerBusyException(FormattableString.Invariant($"{limit} images are waiting already; try again later"));
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _isClosed)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>Admits nobody any more.</summary>
    /// <returns>Ends when all who were admitted have left.</returns>
    public Task CloseAsync()
    {
        _isClosed = true;
        if (Count == 0)
        {
            _empty.TrySetResult();
        }

        return _empty.Task;
    }
}
