namespace MLClassify.Hosting.Batching;

/// <summary>Bytes that the uploads of all requests together may hold in memory.</summary>
internal sealed class UploadBudget(long limit)
{
    private long _used;

    /// <summary>Bytes in use.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <exception cref="ServerBusyException">There are not as many left.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) > limit)
        {
            Give(bytes);
            throw new ServerBusyException(FormattableString.Invariant($"uploads hold as much memory as they may ({limit} bytes); try again later"));
        }
    }

    public void Give(int bytes) => Interlocked.Add(ref _used, -bytes);
}
