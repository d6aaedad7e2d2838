using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MLClassify.Engines.Cpu.Kernels.Threading;

/// <summary>
/// Persistent threads that share the items of one piece of work after another. The caller is worker 0. Waiting threads spin for half a
/// millisecond, because the next piece usually comes at once, then sleep. Starting a piece allocates nothing.
/// </summary>
internal sealed unsafe class ThreadTeam : IDisposable
{
    private const int SpinRounds = 2000;
    private const int RoundsPerLook = 32;
    private const int GenerationShift = 32;
    private const long Closed = 1L << 31;
    private const long Joined = Closed - 1;

    // By the clock, not by counting: how long a round takes differs between processors, and between runs on the same one.
    private static readonly long SpinTicks = Stopwatch.Frequency / 2000;

    private readonly Thread[] _threads;
    private readonly object _sleepGate = new();
    private int _sleepers;
    private volatile bool _stopping;

    // The piece's number, whether it is closed, and how many workers have joined it, in one word.
    private long _entry = Closed;
    private int _finished;
    private int _nextItem;
    private int _items;
    private void* _work;
    private delegate*<void*, int, int, void> _invoke;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Workers, the caller included; all cores when 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or above 1024.</exception>
    public ThreadTeam(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Size = threads == 0 ? Environment.ProcessorCount : threads;
        _threads = new Thread[Size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => WorkerLoop(worker)) { IsBackground = true, Name = "mlclassify-kernel-" + worker };
            _threads[i].Start();
        }
    }

    /// <summary>Workers, the caller included.</summary>
    public int Size { get; }

    /// <summary>Computes all items and returns when the last is done. One caller at a time; no work may start work.</summary>
    /// <typeparam name="TWork">The work: a struct of sizes and pointers.</typeparam>
    /// <param name="work">The work; lives on the caller's stack meanwhile.</param>
    /// <param name="items">How many items there are.</param>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run<TWork>(ref TWork work, int items)
        where TWork : unmanaged, IParallelWork
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Size == 1 || items <= 1)
        {
            for (int item = 0; item < items; item++)
            {
                work.Run(item, 0);
            }

            return;
        }

        fixed (TWork* pointer = &work)
        {
            _work = pointer;
            _invoke = &Invoke<TWork>;
            _items = items;
            _nextItem = 0;
            _failure = null;
            _finished = 0;
            Wake();
            RunItems(0);
            WaitForJoined();
        }

        _failure?.Throw();
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _items = 0;
        Wake();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Invoke<TWork>(void* work, int item, int worker)
        where TWork : unmanaged, IParallelWork
        => ((TWork*)work)->Run(item, worker);

    private void Wake()
    {
        lock (_sleepGate)
        {
            Volatile.Write(ref _entry, (long)(Generation(_entry) + 1) << GenerationShift);
            if (_sleepers > 0)
            {
                Monitor.PulseAll(_sleepGate);
            }
        }
    }

    private static int Generation(long entry) => (int)(entry >> GenerationShift);

    private void WorkerLoop(int worker)
    {
        int seen = 0;
        while (!_stopping)
        {
            WaitForGeneration(seen);
            if (TryJoin(ref seen))
            {
                RunItems(worker);
                Interlocked.Increment(ref _finished);
            }
        }
    }

    // A worker that comes too late, because something else ran on its core, finds the piece closed: nobody waits for it.
    private bool TryJoin(ref int seen)
    {
        while (true)
        {
            long entry = Volatile.Read(ref _entry);
            seen = Generation(entry);
            if ((entry & Closed) != 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _entry, entry + 1, entry) == entry)
            {
                return true;
            }
        }
    }

    private void WaitForGeneration(int seen)
    {
        // Stopwatch, not a TimeProvider: half a millisecond of spinning is no time that a test could want to set.
        long start = Stopwatch.GetTimestamp();
        do
        {
            for (int i = 0; i < RoundsPerLook; i++)
            {
                if (Generation(Volatile.Read(ref _entry)) != seen || _stopping)
                {
                    return;
                }

                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() - start < SpinTicks);

        lock (_sleepGate)
        {
            // A sleeper looks at the generation itself: permits that a semaphore counts could go to a worker that did not sleep for them.
            _sleepers++;
            while (Generation(_entry) == seen && !_stopping)
            {
                Monitor.Wait(_sleepGate);
            }

            _sleepers--;
        }
    }

    private void RunItems(int worker)
    {
        try
        {
            int item;
            while ((item = Interlocked.Increment(ref _nextItem) - 1) < _items)
            {
                _invoke(_work, item, worker);
            }
        }
#pragma warning disable CA1031 // Whatever an item threw reaches the caller of Run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _nextItem, _items);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForJoined()
    {
        int joined = (int)(Interlocked.Or(ref _entry, Closed) & Joined);
        int rounds = 0;
        while (Volatile.Read(ref _finished) < joined)
        {
            if (++rounds < SpinRounds)
            {
                Thread.SpinWait(4);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
