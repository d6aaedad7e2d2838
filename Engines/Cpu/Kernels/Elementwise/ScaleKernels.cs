using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Elementwise;

/// <summary>A map times one factor per sample and channel: <c>[N, H, W, C]</c> by <c>[N, 1, 1, C]</c>. An item is one sample.</summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class ScaleKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary><c>y = x * factor</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="pixels">Positions of a sample.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">The map.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="y">Output; may be the map.</param>
    public static void Forward(ThreadTeam team, int batch, int pixels, int channels, MapPointer x, MapPointer factors, MapPointer y)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new ForwardWork { Pixels = pixels, Channels = channels, X = x, Factors = factors, Y = y };
        team.Run(ref work, batch);
    }

    /// <summary><c>dx = dy * factor</c> and <c>dfactor = sum over positions of dy * x</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="pixels">Positions of a sample.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">The map.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">The map's gradient, or none.</param>
    /// <param name="accumulateX">Whether to add to what is there.</param>
    /// <param name="dfactors">The factors' gradient, or none.</param>
    /// <param name="accumulateFactors">Whether to add to what is there.</param>
    public static void Gradient(ThreadTeam team, int batch, int pixels, int channels, MapPointer x, MapPointer factors, MapPointer dy, MapPointer dx, bool accumulateX, MapPointer dfactors, bool accumulateFactors)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new GradientWork
        {
            Pixels = pixels,
            Channels = channels,
            X = x,
            Factors = factors,
            Dy = dy,
            Dx = dx,
            AccumulateX = accumulateX,
            Dfactors = dfactors,
            AccumulateFactors = accumulateFactors,
        };
        team.Run(ref work, batch);
    }

    private struct ForwardWork : IParallelWork
    {
        public int Pixels;
        public int Channels;
        public MapPointer X;
        public MapPointer Factors;
        public MapPointer Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            float* factor = Factors.Data + ((long)item * Factors.Stride);
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                long position = ((long)item * Pixels) + pixel;
                float* x = X.Data + (position * X.Stride);
                float* y = Y.Data + (position * Y.Stride);
                int c = 0;
                for (; c <= Channels - TSimd.Width; c += TSimd.Width)
                {
                    TSimd.Store(TSimd.Multiply(TSimd.Load(x + c), TSimd.Load(factor + c)), y + c);
                }

                for (; c < Channels; c++)
                {
                    y[c] = x[c] * factor[c];
                }
            }
        }
    }

    private struct GradientWork : IParallelWork
    {
        public int Pixels;
        public int Channels;
        public MapPointer X;
        public MapPointer Factors;
        public MapPointer Dy;
        public MapPointer Dx;
        public bool AccumulateX;
        public MapPointer Dfactors;
        public bool AccumulateFactors;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int c = 0;
            for (; c <= Channels - TSimd.Width; c += TSimd.Width)
            {
                ChannelRun<TSimd, TVector>(item, c);
            }

            for (; c < Channels; c++)
            {
                ChannelRun<SimdScalar, float>(item, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void ChannelRun<TWidth, TWide>(int image, int c)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide factor = TWidth.Load(Factors.Data + ((long)image * Factors.Stride) + c);
            TWide sum = TWidth.Zero;
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                long position = ((long)image * Pixels) + pixel;
                TWide dy = TWidth.Load(Dy.Data + (position * Dy.Stride) + c);
                sum = TWidth.MultiplyAdd(dy, TWidth.Load(X.Data + (position * X.Stride) + c), sum);
                if (Dx.Data is not null)
                {
                    float* dx = Dx.Data + (position * Dx.Stride) + c;
                    TWidth.Store(AccumulateX ? TWidth.MultiplyAdd(dy, factor, TWidth.Load(dx)) : TWidth.Multiply(dy, factor), dx);
                }
            }

            if (Dfactors.Data is not null)
            {
                float* dfactor = Dfactors.Data + ((long)image * Dfactors.Stride) + c;
                TWidth.Store(AccumulateFactors ? TWidth.Add(sum, TWidth.Load(dfactor)) : sum, dfactor);
            }
        }
    }
}
