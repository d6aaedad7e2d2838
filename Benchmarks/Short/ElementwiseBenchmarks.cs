using BenchmarkDotNet.Attributes;
using MLClassify.Benchmarks.Measuring;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Elementwise;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;
using MLClassify.Engines.Cpu.Memory;

namespace MLClassify.Benchmarks.Short;

/// <summary>Element-wise passes on two threads: in the cache, and far beyond it. Rates count the bytes that are read and written.</summary>
public unsafe class ElementwiseBenchmarks : IDisposable
{
    private readonly ThreadTeam _team = new(2);
    private Tensor _a = new(0);
    private Tensor _b = new(0);
    private Tensor _y = new(0);
    private Passes _passes = new(null!, null!, null!);

    /// <summary>Numbers in an operand: 256 KiB and 64 MiB of them.</summary>
    [Params(1 << 16, 1 << 24)]
    public int Values { get; set; }

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        FreeOperands();
        _a = new Tensor(Values);
        _b = new Tensor(Values);
        _y = new Tensor(Values);
        _a.Span.Fill(1);
        _b.Span.Fill(2);
        _passes = SimdLevels.Run(SimdSupport.Best, new Choice(this));
        double gigabytes = Values * sizeof(float) / 1e9;
        RateColumn.Set(nameof(Copy), 2 * gigabytes, "GB", Values);
        RateColumn.Set(nameof(Relu), 2 * gigabytes, "GB", Values);
        RateColumn.Set(nameof(Add), 3 * gigabytes, "GB", Values);
    }

    /// <summary><c>y = a</c>.</summary>
    [Benchmark]
    public void Copy() => _passes.Copy();

    /// <summary><c>y = max(a, 0)</c>.</summary>
    [Benchmark]
    public void Relu() => _passes.Relu();

    /// <summary><c>y = a + b</c>.</summary>
    [Benchmark]
    public void Add() => _passes.Add();

    /// <summary>Frees everything.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _team.Dispose();
        FreeOperands();
        GC.SuppressFinalize(this);
    }

    private void FreeOperands()
    {
        _a.Dispose();
        _b.Dispose();
        _y.Dispose();
    }

    private sealed record Passes(Action Copy, Action Relu, Action Add);

    private sealed class Choice(ElementwiseBenchmarks owner) : ILevelWork<Passes>
    {
        public Passes Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            const int channels = 64;
            ThreadTeam team = owner._team;
            long rows = owner.Values / channels;
            var a = new MapPointer(owner._a.Data, channels);
            var b = new MapPointer(owner._b.Data, channels);
            var y = new MapPointer(owner._y.Data, channels);
            return new Passes(
                () => ElementwiseKernels<TSimd, TVector>.Copy(team, rows, channels, a, y, accumulate: false),
                () => ElementwiseKernels<TSimd, TVector>.Relu(team, rows, channels, float.PositiveInfinity, a, y),
                () => ElementwiseKernels<TSimd, TVector>.Add(team, rows, channels, a, b, y));
        }
    }
}
