using System.Runtime.CompilerServices;

namespace MLClassify.Engines.Cpu.Kernels.Threading;

/// <summary>
/// The process's threads for kernels, which all teams borrow: as many as the largest team ever asked for, so that many classifiers take no more
/// than one, and none is left behind by a classifier that was not disposed. Threads that nobody borrowed for a while end.
/// </summary>
internal sealed class SharedThreads
{
    private readonly TimeSpan _patience;
    private readonly List<Lent> _idle = [];
    private volatile int _idleCount;
    private volatile int _count;

    /// <summary>Makes an empty set.</summary>
    /// <param name="patience">How long a thread waits for a team before it ends.</param>
    internal SharedThreads(TimeSpan patience) => _patience = patience;

    /// <summary>Those of the process.</summary>
    public static SharedThreads Process { get; } = new(TimeSpan.FromSeconds(30));

    /// <summary>The threads there are.</summary>
    internal int Count => _count;

    /// <summary>Sends threads to a team, those that are idle; where the set is smaller than the team, it grows.</summary>
    /// <param name="team">The team, whose <see cref="ThreadTeam.Help"/> they run.</param>
    /// <param name="wanted">How many at most.</param>
    /// <returns>How many are on their way.</returns>
    public int Lend(ThreadTeam team, int wanted)
    {
        // Without the lock, since a team whose threads are elsewhere asks at each of its pieces.
        if (_idleCount == 0 && _count >= team.Size - 1)
        {
            return 0;
        }

        int lent = 0;
        lock (_idle)
        {
            for (; lent < wanted && _idle.Count > 0; lent++)
            {
                // The last to come back: its core is the likeliest to be awake.
                Lent thread = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                _idleCount = _idle.Count;
                thread.Send(team);
            }

            for (; lent < wanted && _count < team.Size - 1; lent++)
            {
                _count++;
                new Lent(this).Start(team);
            }
        }

        return lent;
    }

    private void TakeBack(Lent thread)
    {
        lock (_idle)
        {
            _idle.Add(thread);
            _idleCount = _idle.Count;
        }
    }

    // False where it was lent meanwhile.
    private bool TryEnd(Lent thread)
    {
        lock (_idle)
        {
            bool isIdle = _idle.Remove(thread);
            _idleCount = _idle.Count;
            _count -= isIdle ? 1 : 0;
            return isIdle;
        }
    }

    private sealed class Lent(SharedThreads owner)
    {
        private readonly object _gate = new();
        private ThreadTeam? _team;

        public void Start(ThreadTeam team)
        {
            _team = team;

            // Without the caller's context: the thread outlives it.
            new Thread(Loop) { IsBackground = true, Name = "mlclassify-kernel" }.UnsafeStart();
        }

        public void Send(ThreadTeam team)
        {
            lock (_gate)
            {
                _team = team;
                Monitor.Pulse(_gate);
            }
        }

        private void Loop()
        {
            while (Next())
            {
                Help();
                owner.TakeBack(this);
            }
        }

        // A method of its own, so that a waiting thread keeps no team alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Help()
        {
            ThreadTeam team = _team!;
            _team = null;
            team.Help();
        }

        private bool Next()
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_team is null)
                    {
                        Monitor.Wait(_gate, owner._patience);
                    }

                    if (_team is not null)
                    {
                        return true;
                    }
                }

                if (owner.TryEnd(this))
                {
                    return false;
                }
            }
        }
    }
}
