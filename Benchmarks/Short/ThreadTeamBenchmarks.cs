using BenchmarkDotNet.Attributes;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Benchmarks.Short;

/// <summary>What it costs to hand work to a team and to wait for it: an item each that does nothing.</summary>
public class ThreadTeamBenchmarks : IDisposable
{
    private ThreadTeam? _team;
    private EmptyWork _work;

    /// <summary>Workers, the caller included.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Starts the team.</summary>
    [GlobalSetup]
    public void SetUp() => _team = new ThreadTeam(Threads);

    /// <summary>Start to end of one piece of work.</summary>
    [Benchmark]
    public void Barrier() => _team!.Run(ref _work, Threads);

    /// <summary>Ends the team.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _team?.Dispose();
        GC.SuppressFinalize(this);
    }

    private struct EmptyWork : IParallelWork
    {
        public readonly void Run(int item, int worker)
        {
        }
    }
}
