namespace MLClassify.Engines.Cpu.Kernels.Threading;

/// <summary>Work that falls into numbered items whose results do not depend on which thread computes them, or when.</summary>
internal interface IParallelWork
{
    /// <summary>Computes one item.</summary>
    /// <param name="item">The item's number.</param>
    /// <param name="worker">The worker thread, for scratch memory: 0 to the team's size - 1.</param>
    void Run(int item, int worker);
}
