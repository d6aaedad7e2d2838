using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.WholeNetworks;

/// <summary>How networks are measured.</summary>
internal sealed record NetworkBenchOptions
{
    /// <summary>What is measured, in any order.</summary>
    public required IReadOnlyList<NetworkMode> Modes { get; init; }

    /// <summary>Images in a batch. Default 32.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The input's side in pixels. Default 224.</summary>
    public int Size { get; init; } = 224;

    /// <summary>Threads that compute. Default 2.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Steps that are measured. Default 5.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Classes. Default 1000.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>The shortest warm-up. Default 1.5.</summary>
    public double WarmUpSeconds { get; init; } = 1.5;

    /// <summary>The vector width.</summary>
    public SimdLevel Level { get; init; } = SimdSupport.Best;
}
