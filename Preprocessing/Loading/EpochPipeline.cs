using System.Runtime.ExceptionServices;

namespace MLClassify.Preprocessing.Loading;

/// <summary>
/// One epoch under way. Workers take the next position of the epoch's order, wait until its batch's buffer is free, and fill the slot;
/// the consumer takes the batches in order. Which worker fills a slot decides nothing, so the result does not depend on their number.
/// </summary>
internal sealed class EpochPipeline : IDisposable
{
    private readonly object _gate = new();
    private readonly long[] _entries;
    private readonly Batch[] _ring;
    private readonly int[] _pending;
    private readonly int _batchSize;
    private readonly int _epoch;
    private readonly SampleLoader _loader;
    private readonly Thread[] _workers;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private int _next;
    private int _released;
    private bool _stopping;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the workers.</summary>
    /// <param name="entries">The epoch's order, see <see cref="SampleOrder"/>.</param>
    /// <param name="ring">Buffers, used in turn.</param>
    /// <param name="batchSize">Slots of a buffer.</param>
    /// <param name="epoch">Names the augmentation.</param>
    /// <param name="loader">Fills slots.</param>
    /// <param name="workers">How many threads.</param>
    /// <param name="cancellationToken">Stops the workers.</param>
    public EpochPipeline(
        long[] entries, Batch[] ring, int batchSize, int epoch, SampleLoader loader, int workers, CancellationToken cancellationToken)
    {
        _entries = entries;
        _ring = ring;
        _batchSize = batchSize;
        _epoch = epoch;
        _loader = loader;
        _cancellationToken = cancellationToken;
        _pending = new int[ring.Length];
        for (int i = 0; i < ring.Length; i++)
        {
            _pending[i] = SlotsOf(i);
        }

        _workers = new Thread[Math.Min(workers, entries.Length)];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"MLClassify loader {i}" };
            _workers[i].Start();
        }

        _registration = cancellationToken.Register(Stop);
    }

    /// <summary>Whether no worker begins another image.</summary>
    public bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _stopping;
            }
        }
    }

    /// <summary>Waits for a batch. Batches are taken in order, each released before the next is taken.</summary>
    /// <exception cref="OperationCanceledException">The epoch was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed while waiting.</exception>
    public Batch Take(int number)
    {
        int slot = number % _ring.Length;
        lock (_gate)
        {
            while (!_stopping && _pending[slot] > 0)
            {
                Monitor.Wait(_gate);
            }

            _failure?.Throw();
            _cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_stopping, typeof(BatchLoader));
        }

        _ring[slot].Compact(SlotsOf(number));
        return _ring[slot];
    }

    /// <summary>Gives the buffer of the batch that was taken last back to the workers.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _pending[_released % _ring.Length] = SlotsOf(_released + _ring.Length);
            _released++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Stops the workers and waits for the images that they are at.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        Stop();
        foreach (Thread worker in _workers)
        {
            worker.Join();
        }
    }

    private int SlotsOf(int number) => (int)Math.Clamp(_entries.Length - ((long)number * _batchSize), 0, _batchSize);

    private void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        try
        {
            while (TryNext(out int position))
            {
                int number = position / _batchSize;
                _loader.Load(_entries[position], _epoch, _ring[number % _ring.Length], position % _batchSize);
                Complete(number % _ring.Length);
            }
        }
        catch (Exception error)
        {
            // Whatever it is, it belongs to the consumer: an exception that leaves a thread ends the process.
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(error);
            }

            Stop();
        }
    }

    private bool TryNext(out int position)
    {
        lock (_gate)
        {
            while (!_stopping && _next < _entries.Length && _next / _batchSize >= _released + _ring.Length)
            {
                Monitor.Wait(_gate);
            }

            position = _next;
            if (_stopping || _next >= _entries.Length)
            {
                return false;
            }

            _next++;
            return true;
        }
    }

    private void Complete(int slot)
    {
        lock (_gate)
        {
            if (--_pending[slot] == 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }
}
