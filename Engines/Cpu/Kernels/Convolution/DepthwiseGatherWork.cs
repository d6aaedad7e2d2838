using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>
/// A depthwise convolution along a gather plan, forward or as input gradient: filters are <c>[filter row, filter column, channel]</c>,
/// vectors run along channels. An item is one row of the plan's grid; the addresses of a position's taps are found once for all channels.
/// </summary>
internal unsafe struct DepthwiseGatherWork<TSimd, TVector> : IParallelWork
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GatherPlan Plan;
    public GatherMap Source;
    public GatherMap Destination;
    public GatherMap Residual;
    public float* Filters;
    public float* Bias;
    public int Batch;
    public int Channels;
    public bool Accumulate;
    public bool Rectify;
    public float Ceiling;

    /// <summary>Two addresses for each tap and worker.</summary>
    public float** Pointers;

    public readonly int Items => Batch * Plan.GridHeight;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int image = item / Plan.GridHeight;
        int gridY = item % Plan.GridHeight;
        float** sources = Pointers + (2L * worker * Plan.Taps);
        float** filters = sources + Plan.Taps;
        int baseY = gridY * Plan.SourceStepY;
        nint row = ((nint)image * Destination.Height) + Plan.OriginY + ((nint)gridY * Plan.StepY);
        for (int gridX = 0; gridX < Plan.GridWidth; gridX++)
        {
            int taps = FindTaps(image, baseY, gridX * Plan.SourceStepX, sources, filters);
            nint position = (row * Destination.Width) + Plan.OriginX + ((nint)gridX * Plan.StepX);
            float* residual = Residual.Data is null ? null : Residual.Data + (position * Residual.Stride);
            Position(sources, filters, taps, residual, Destination.Data + (position * Destination.Stride));
        }
    }

    private readonly int FindTaps(int image, int baseY, int baseX, float** sources, float** filters)
    {
        int found = 0;
        for (int tap = 0; tap < Plan.Taps; tap++)
        {
            int y = baseY + Plan.TapY[tap];
            int x = baseX + Plan.TapX[tap];
            if ((uint)y < (uint)Source.Height && (uint)x < (uint)Source.Width)
            {
                sources[found] = Source.Data + (((((nint)image * Source.Height) + y) * Source.Width + x) * Source.Stride);
                filters[found] = Filters + ((nint)Plan.FilterTap[tap] * Channels);
                found++;
            }
        }

        return found;
    }

    // Four vectors at a time: enough independent sums to hide the latency of a multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Position(float** sources, float** filters, int taps, float* residual, float* destination)
    {
        int v = TSimd.Width;
        nint c = 0;
        for (; c <= Channels - (4 * v); c += 4 * v)
        {
            TVector s0 = Start<TSimd, TVector>(destination, c);
            TVector s1 = Start<TSimd, TVector>(destination, c + v);
            TVector s2 = Start<TSimd, TVector>(destination, c + (2 * v));
            TVector s3 = Start<TSimd, TVector>(destination, c + (3 * v));
            for (int tap = 0; tap < taps; tap++)
            {
                float* x = sources[tap] + c;
                float* w = filters[tap] + c;
                s0 = TSimd.MultiplyAdd(TSimd.Load(x), TSimd.Load(w), s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(x + v), TSimd.Load(w + v), s1);
                s2 = TSimd.MultiplyAdd(TSimd.Load(x + (2 * v)), TSimd.Load(w + (2 * v)), s2);
                s3 = TSimd.MultiplyAdd(TSimd.Load(x + (3 * v)), TSimd.Load(w + (3 * v)), s3);
            }

            Finish<TSimd, TVector>(s0, residual, destination, c);
            Finish<TSimd, TVector>(s1, residual, destination, c + v);
            Finish<TSimd, TVector>(s2, residual, destination, c + (2 * v));
            Finish<TSimd, TVector>(s3, residual, destination, c + (3 * v));
        }

        for (; c <= Channels - v; c += v)
        {
            One<TSimd, TVector>(sources, filters, taps, residual, destination, c);
        }

        for (; c < Channels; c++)
        {
            One<SimdScalar, float>(sources, filters, taps, residual, destination, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void One<TWidth, TWide>(float** sources, float** filters, int taps, float* residual, float* destination, nint c)
        where TWidth : struct, ISimd<TWide>
        where TWide : struct
    {
        TWide sum = Start<TWidth, TWide>(destination, c);
        for (int tap = 0; tap < taps; tap++)
        {
            sum = TWidth.MultiplyAdd(TWidth.Load(sources[tap] + c), TWidth.Load(filters[tap] + c), sum);
        }

        Finish<TWidth, TWide>(sum, residual, destination, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TWide Start<TWidth, TWide>(float* destination, nint c)
        where TWidth : struct, ISimd<TWide>
        where TWide : struct
    {
        if (Accumulate)
        {
            return TWidth.Load(destination + c);
        }

        return Bias is null ? TWidth.Zero : TWidth.Load(Bias + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Finish<TWidth, TWide>(TWide sum, float* residual, float* destination, nint c)
        where TWidth : struct, ISimd<TWide>
        where TWide : struct
    {
        if (residual is not null)
        {
            sum = TWidth.Add(sum, TWidth.Load(residual + c));
        }

        if (Rectify)
        {
            sum = TWidth.Min(TWidth.Max(sum, TWidth.Zero), TWidth.Broadcast(Ceiling));
        }

        TWidth.Store(sum, destination + c);
    }
}
