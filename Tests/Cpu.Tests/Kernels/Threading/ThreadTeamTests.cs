using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Tests.Threading;

public unsafe class ThreadTeamTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 5];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_AnyNumberOfItems_ComputesEachOnce(int size)
    {
        using var team = new ThreadTeam(size);
        int* counts = stackalloc int[1000];
        for (int items = 0; items <= 1000; items += items < 20 ? 1 : 49)
        {
            new Span<int>(counts, 1000).Clear();
            var work = new CountingWork { Counts = counts, Size = size };

            team.Run(ref work, items);

            for (int item = 0; item < 1000; item++)
            {
                Assert.Equal(item < items ? 1 : 0, counts[item]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_ManyTinyPieces_LosesNone(int size)
    {
        using var team = new ThreadTeam(size);
        int* counts = stackalloc int[4];
        var work = new CountingWork { Counts = counts, Size = size };
        for (int round = 0; round < 1000; round++)
        {
            team.Run(ref work, 4);
        }

        Assert.Equal([1000, 1000, 1000, 1000], new ReadOnlySpan<int>(counts, 4).ToArray());
    }

    // Pauses around the length of the spinning phase: workers are caught waking, falling asleep, and between the two. A worker that is
    // counted twice lets the caller go while another still computes.
    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void Run_AfterPausesOfAllLengths_ReturnsWhenAllItemsAreDone(int size)
    {
        using var team = new ThreadTeam(size);
        var random = new Random(1);
        int* counts = stackalloc int[24];
        for (int round = 0; round < 500; round++)
        {
            new Span<int>(counts, 24).Clear();
            var work = new CountingWork { Counts = counts, Size = size, Spins = 500 };

            team.Run(ref work, 24);

            for (int item = 0; item < 24; item++)
            {
                Assert.True(Volatile.Read(ref counts[item]) == 1, $"round {round}, item {item}: {counts[item]}");
            }

            if (random.Next(3) == 0)
            {
                Thread.Sleep(random.Next(2));
            }

            Thread.SpinWait(random.Next(3000));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_ItemThrows_CallerGetsItAndTeamStaysUsable(int size)
    {
        using var team = new ThreadTeam(size);
        int* counts = stackalloc int[100];
        for (int failing = 0; failing < 100; failing += 33)
        {
            var throwing = new ThrowingWork { Item = failing };
            var thrown = Assert.Throws<InvalidOperationException>(() => team.Run(ref throwing, 100));
            Assert.Equal($"item {failing}", thrown.Message);

            new Span<int>(counts, 100).Clear();
            var work = new CountingWork { Counts = counts, Size = size };
            team.Run(ref work, 100);
            Assert.True(new ReadOnlySpan<int>(counts, 100).IndexOfAnyExcept(1) < 0);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Run_SteadyState_AllocatesNothing(int size)
    {
        using var team = new ThreadTeam(size);
        int* counts = stackalloc int[64];
        var work = new CountingWork { Counts = counts, Size = size };
        for (int round = 0; round < 100; round++)
        {
            team.Run(ref work, 64);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 200; round++)
        {
            team.Run(ref work, 64);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Dispose_IdleTeam_RefusesWork(int size)
    {
        var team = new ThreadTeam(size);
        int* counts = stackalloc int[8];
        var work = new CountingWork { Counts = counts, Size = size };
        team.Run(ref work, 8);

        team.Dispose();
        team.Dispose();

        Assert.Throws<ObjectDisposedException>(() => team.Run(ref work, 8));
    }

    [Fact]
    public void Run_ManyTeamsThatNobodyDisposes_ShareTheirThreads()
    {
        int* counts = stackalloc int[3];
        for (int round = 0; round < 2000; round++)
        {
            new Span<int>(counts, 3).Clear();
            var team = new ThreadTeam(3);
            var work = new CountingWork { Counts = counts, Size = 3 };
            team.Run(ref work, 3);
            Assert.Equal([1, 1, 1], new ReadOnlySpan<int>(counts, 3).ToArray());
        }

        // Other tests of this process have teams of up to eight.
        Assert.InRange(SharedThreads.Process.Count, 1, 7);
    }

    [Fact]
    public void Run_ManyCallersAtOnce_EachGetsItsItems()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, caller =>
        {
            using var team = new ThreadTeam(1 + (caller % 4));
            int* counts = stackalloc int[16];
            var work = new CountingWork { Counts = counts, Size = team.Size };
            for (int round = 1; round <= 500; round++)
            {
                team.Run(ref work, 16);
                Assert.True(new ReadOnlySpan<int>(counts, 16).IndexOfAnyExcept(round) < 0);
            }
        });
    }

    [Fact]
    public void Lend_ThreadsThatNobodyAsksFor_EndAndComeAnew()
    {
        var threads = new SharedThreads(TimeSpan.FromMilliseconds(20));
        using var team = new ThreadTeam(3);

        // Nothing is asked of the team, so that they go back at once.
        Assert.Equal(2, threads.Lend(team, 2));
        Assert.True(SpinWait.SpinUntil(() => threads.Count == 0, TimeSpan.FromSeconds(30)), $"{threads.Count} threads");
        Assert.Equal(1, threads.Lend(team, 1));
    }

    [Fact]
    public void Run_TeamThatNobodyHolds_IsCollected()
    {
        WeakReference used = Use();
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                return !used.IsAlive;
            },
            TimeSpan.FromSeconds(30)));

        static WeakReference Use()
        {
            var team = new ThreadTeam(3);
            int* counts = stackalloc int[3];
            var work = new CountingWork { Counts = counts, Size = 3 };
            team.Run(ref work, 3);
            return new WeakReference(team);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1025)]
    public void Constructor_SizeOutOfRange_Throws(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(size));

    [Fact]
    public void Constructor_Zero_TakesAllCores()
    {
        using var team = new ThreadTeam();
        Assert.Equal(Environment.ProcessorCount, team.Size);
    }

    private struct CountingWork : IParallelWork
    {
        public int* Counts;
        public int Size;
        public int Spins;

        public readonly void Run(int item, int worker)
        {
            if (worker < 0 || worker >= Size)
            {
                throw new InvalidOperationException($"worker {worker} of {Size}");
            }

            Thread.SpinWait(Spins);
            Interlocked.Increment(ref Counts[item]);
        }
    }

    private struct ThrowingWork : IParallelWork
    {
        public int Item;

        public readonly void Run(int item, int worker)
        {
            if (item == Item)
            {
                throw new InvalidOperationException($"item {item}");
            }
        }
    }
}
