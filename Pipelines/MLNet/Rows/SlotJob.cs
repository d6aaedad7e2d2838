namespace MLClassify.MLNet;

/// <summary>
/// Does something for each of some slots, on the thread pool and on the thread that waits for it: so it ends even where the pool has no
/// thread to spare, as when several cursors are read by the pool's own.
/// </summary>
internal sealed class SlotJob : IThreadPoolWorkItem
{
    private readonly object _gate = new();
    private readonly Action<int> _work;
    private readonly int _count;
    private int _taken;
    private int _pending;

    /// <summary>Begins nothing yet.</summary>
    /// <param name="work">What is done with a slot; does not throw.</param>
    /// <param name="count">How many slots.</param>
    public SlotJob(Action<int> work, int count) => (_work, _count, _pending) = (work, count, count);

    /// <summary>Begins on the thread pool.</summary>
    public void Start()
    {
        for (int i = Math.Min(Environment.ProcessorCount, _count); i > 0; i--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Takes slots until none is left.</summary>
    public void Execute()
    {
        for (int slot; (slot = Interlocked.Increment(ref _taken) - 1) < _count;)
        {
            _work(slot);
            Complete(1);
        }
    }

    /// <summary>Helps, and waits until all is done.</summary>
    public void Finish()
    {
        Execute();
        Wait();
    }

    /// <summary>Leaves out what nobody has begun, and waits for the rest.</summary>
    public void Stop()
    {
        int taken = Interlocked.Exchange(ref _taken, _count);
        Complete(Math.Max(_count - taken, 0));
        Wait();
    }

    private void Complete(int slots)
    {
        lock (_gate)
        {
            _pending -= slots;
            if (_pending == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Wait()
    {
        lock (_gate)
        {
            while (_pending > 0)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
