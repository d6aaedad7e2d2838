using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Pooling;

/// <summary>
/// Largest value of each window. The winner's place in its window (row times kernel plus column) is kept as a float, so that it travels
/// in the same vectors as the values.
/// </summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class MaxPoolKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Computes maxima, and maxIndices where wanted.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="maxIndices">Receives the maxIndices, <c>[N, OutputHeight, OutputWidth, Channels]</c> dense; or null.</param>
    public static void Forward(ThreadTeam team, in PoolGeometry geometry, MapPointer x, MapPointer y, float* maxIndices)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new ForwardWork { G = geometry, X = x, Y = y, Winners = maxIndices };
        team.Run(ref work, geometry.Batch * geometry.OutputHeight);
    }

    /// <summary>Sends each output's gradient to its window's winner.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="geometry">Sizes.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="maxIndices">What the forward pass left.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Gradient(ThreadTeam team, in PoolGeometry geometry, MapPointer dy, float* maxIndices, MapPointer dx, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new GradientWork { G = geometry, Dy = dy, Winners = maxIndices, Dx = dx, Accumulate = accumulate };
        team.Run(ref work, geometry.Batch * geometry.InputHeight);
    }

    private struct ForwardWork : IParallelWork
    {
        public PoolGeometry G;
        public MapPointer X;
        public MapPointer Y;
        public float* Winners;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int image = item / G.OutputHeight;
            int top = (item % G.OutputHeight * G.Stride) - G.Padding;
            int firstY = Math.Max(0, -top);
            int lastY = Math.Min(G.Kernel, G.InputHeight - top);
            for (int ox = 0; ox < G.OutputWidth; ox++)
            {
                int left = (ox * G.Stride) - G.Padding;
                int firstX = Math.Max(0, -left);
                int lastX = Math.Min(G.Kernel, G.InputWidth - left);
                nint position = ((nint)item * G.OutputWidth) + ox;
                float* source = X.Data + ((((((nint)image * G.InputHeight) + top) * G.InputWidth) + left) * X.Stride);
                float* y = Y.Data + (position * Y.Stride);
                float* maxIndices = Winners is null ? null : Winners + (position * G.Channels);
                int c = 0;
                for (; c <= G.Channels - TSimd.Width; c += TSimd.Width)
                {
                    Window<TSimd, TVector>(source + c, firstY, lastY, firstX, lastX, y + c, maxIndices is null ? null : maxIndices + c);
                }

                for (; c < G.Channels; c++)
                {
                    Window<SimdScalar, float>(source + c, firstY, lastY, firstX, lastX, y + c, maxIndices is null ? null : maxIndices + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Window<TWidth, TWide>(float* source, int firstY, int lastY, int firstX, int lastX, float* y, float* winner)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide best = TWidth.Load(source + ((((nint)firstY * G.InputWidth) + firstX) * X.Stride));
            TWide place = TWidth.Broadcast((firstY * G.Kernel) + firstX);
            for (int ky = firstY; ky < lastY; ky++)
            {
                for (int kx = firstX; kx < lastX; kx++)
                {
                    TWide value = TWidth.Load(source + ((((nint)ky * G.InputWidth) + kx) * X.Stride));
                    place = TWidth.SelectGreater(value, best, TWidth.Broadcast((ky * G.Kernel) + kx), place);
                    best = TWidth.Max(value, best);
                }
            }

            TWidth.Store(best, y);
            if (winner is not null)
            {
                TWidth.Store(place, winner);
            }
        }
    }

    // An item is one input row, which gathers from every window that it lies in: no two items write one place.
    private struct GradientWork : IParallelWork
    {
        public PoolGeometry G;
        public MapPointer Dy;
        public float* Winners;
        public MapPointer Dx;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int image = item / G.InputHeight;
            int y = (item % G.InputHeight) + G.Padding;
            int firstOy = y < G.Kernel ? 0 : ((y - G.Kernel) / G.Stride) + 1;
            int lastOy = Math.Min(G.OutputHeight - 1, y / G.Stride);
            for (int ix = 0; ix < G.InputWidth; ix++)
            {
                int x = ix + G.Padding;
                int firstOx = x < G.Kernel ? 0 : ((x - G.Kernel) / G.Stride) + 1;
                int lastOx = Math.Min(G.OutputWidth - 1, x / G.Stride);
                float* dx = Dx.Data + ((((nint)item * G.InputWidth) + ix) * Dx.Stride);
                int c = 0;
                for (; c <= G.Channels - TSimd.Width; c += TSimd.Width)
                {
                    Position<TSimd, TVector>(image, y, x, firstOy, lastOy, firstOx, lastOx, c, dx + c);
                }

                for (; c < G.Channels; c++)
                {
                    Position<SimdScalar, float>(image, y, x, firstOy, lastOy, firstOx, lastOx, c, dx + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Position<TWidth, TWide>(int image, int y, int x, int firstOy, int lastOy, int firstOx, int lastOx, int c, float* dx)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = Accumulate ? TWidth.Load(dx) : TWidth.Zero;
            for (int oy = firstOy; oy <= lastOy; oy++)
            {
                for (int ox = firstOx; ox <= lastOx; ox++)
                {
                    nint position = ((((nint)image * G.OutputHeight) + oy) * G.OutputWidth) + ox;
                    TWide place = TWidth.Broadcast(((y - (oy * G.Stride)) * G.Kernel) + (x - (ox * G.Stride)));
                    TWide dy = TWidth.Load(Dy.Data + (position * Dy.Stride) + c);
                    sum = TWidth.Add(sum, TWidth.SelectEqual(TWidth.Load(Winners + (position * G.Channels) + c), place, dy, TWidth.Zero));
                }
            }

            TWidth.Store(sum, dx);
        }
    }
}
