using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MLClassify.Engines.Cpu.Kernels.Threading;

/// <summary>
/// Shares the items of one piece of work after another among threads. The caller is worker 0; the others are lent by
/// <see cref="SharedThreads"/> when a piece begins, as many as are idle there. They spin for half a millisecond after each piece, because the next
/// one usually comes at once, then go back: a team that nothing is asked of has no threads. Starting a piece allocates nothing.
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

    private readonly object _gate = new();

    // The numbers that no thread has; the first _freeCount of them.
    private readonly int[] _freeNumbers;
    private int _freeCount;

    // Threads that are here or on their way.
    private int _lent;
    private volatile bool _stopping;

    // The piece's number, whether it is closed, and how many workers have joined it, in one word.
    private long _entry = Closed;
    private int _finished;
    private int _nextItem;
    private int _items;
    private void* _work;
    private delegate*<void*, int, int, void> _invoke;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a team; threads come with work.</summary>
    /// <param name="threads">Workers at most, the caller included; all cores that the process may use when 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or above 1024.</exception>
    public ThreadTeam(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Size = threads == 0 ? Environment.ProcessorCount : threads;
        _freeCount = Size - 1;
        _freeNumbers = new int[_freeCount];
        for (int i = 0; i < _freeCount; i++)
        {
            _freeNumbers[i] = _freeCount - i;
        }
    }

    /// <summary>Workers at most, the caller included.</summary>
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
            Open();
            RunItems(0);
            WaitForJoined();
        }

        _failure?.Throw();
    }

    /// <summary>Refuses further work. Threads that still wait for some go back.</summary>
    public void Dispose() => _stopping = true;

    /// <summary>What a lent thread does: its share of every piece, until none comes for a while.</summary>
    public void Help()
    {
        int worker;
        lock (_gate)
        {
            worker = _freeNumbers[--_freeCount];
        }

        int seen = 0;
        do
        {
            if (TryJoin(ref seen))
            {
                RunItems(worker);
                Interlocked.Increment(ref _finished);
            }
        }
        while (WaitForGeneration(seen, worker));
    }

    private static void Invoke<TWork>(void* work, int item, int worker)
        where TWork : unmanaged, IParallelWork
        => ((TWork*)work)->Run(item, worker);

    private void Open()
    {
        int missing;
        lock (_gate)
        {
            Volatile.Write(ref _entry, (long)(Generation(_entry) + 1) << GenerationShift);
            missing = Math.Min(Size, _items) - 1 - Volatile.Read(ref _lent);
        }

        if (missing > 0)
        {
            int lent = SharedThreads.Process.Lend(this, missing);
            Interlocked.Add(ref _lent, lent);
        }
    }

    private static int Generation(long entry) => (int)(entry >> GenerationShift);

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

    // False when the thread has left the team.
    private bool WaitForGeneration(int seen, int worker)
    {
        // Stopwatch, not a TimeProvider: half a millisecond of spinning is no time that a test could want to set.
        long start = Stopwatch.GetTimestamp();
        do
        {
            for (int i = 0; i < RoundsPerLook; i++)
            {
                if (Generation(Volatile.Read(ref _entry)) != seen)
                {
                    return true;
                }

                Thread.SpinWait(1);
            }
        }
        while (!_stopping && Stopwatch.GetTimestamp() - start < SpinTicks);

        lock (_gate)
        {
            // A piece that was begun meanwhile counts on this thread.
            if (Generation(_entry) != seen)
            {
                return true;
            }

            _freeNumbers[_freeCount++] = worker;
            Interlocked.Decrement(ref _lent);
            return false;
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
