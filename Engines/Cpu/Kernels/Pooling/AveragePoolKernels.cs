using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Pooling;

/// <summary>
/// Means of windows: of a fixed size (the border counted as zeros), or spread so that they cover the input evenly. Both are sums over a
/// range of rows and columns of each output; the gradient gathers from the outputs whose range holds a position.
/// </summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class AveragePoolKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Computes means.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="geometry">Sizes; kernel 0 stands for windows that cover the input evenly.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public static void Forward(ThreadTeam team, in PoolGeometry geometry, MapPointer x, MapPointer y)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new ForwardWork { G = geometry, X = x, Y = y };
        team.Run(ref work, geometry.Batch * geometry.OutputHeight);
    }

    /// <summary>Spreads each output's gradient over its window.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="geometry">Sizes; kernel 0 stands for windows that cover the input evenly.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Gradient(ThreadTeam team, in PoolGeometry geometry, MapPointer dy, MapPointer dx, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new GradientWork { G = geometry, Dy = dy, Dx = dx, Accumulate = accumulate };
        team.Run(ref work, geometry.Batch * geometry.InputHeight);
    }

    // The input rows (or columns) [first, last) that one output covers, and one over the size that its sum is divided by.
    private static float Range(in PoolGeometry g, int output, int outputs, int inputs, out int first, out int last)
    {
        if (g.Kernel == 0)
        {
            first = output * inputs / outputs;
            last = (((output + 1) * inputs) + outputs - 1) / outputs;
            return 1.0f / (last - first);
        }

        first = Math.Max(0, (output * g.Stride) - g.Padding);
        last = Math.Min(inputs, (output * g.Stride) - g.Padding + g.Kernel);
        return 1.0f / g.Kernel;
    }

    private struct ForwardWork : IParallelWork
    {
        public PoolGeometry G;
        public MapPointer X;
        public MapPointer Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int image = item / G.OutputHeight;
            float shareY = Range(G, item % G.OutputHeight, G.OutputHeight, G.InputHeight, out int firstY, out int lastY);
            for (int ox = 0; ox < G.OutputWidth; ox++)
            {
                float share = shareY * Range(G, ox, G.OutputWidth, G.InputWidth, out int firstX, out int lastX);
                float* y = Y.Data + ((((nint)item * G.OutputWidth) + ox) * Y.Stride);
                int c = 0;
                for (; c <= G.Channels - TSimd.Width; c += TSimd.Width)
                {
                    Window<TSimd, TVector>(image, firstY, lastY, firstX, lastX, share, c, y + c);
                }

                for (; c < G.Channels; c++)
                {
                    Window<SimdScalar, float>(image, firstY, lastY, firstX, lastX, share, c, y + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Window<TWidth, TWide>(int image, int firstY, int lastY, int firstX, int lastX, float share, int c, float* y)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = TWidth.Zero;
            for (int iy = firstY; iy < lastY; iy++)
            {
                float* x = X.Data + ((((((nint)image * G.InputHeight) + iy) * G.InputWidth) + firstX) * X.Stride) + c;
                for (int ix = firstX; ix < lastX; ix++, x += X.Stride)
                {
                    sum = TWidth.Add(sum, TWidth.Load(x));
                }
            }

            TWidth.Store(TWidth.Multiply(sum, TWidth.Broadcast(share)), y);
        }
    }

    private struct GradientWork : IParallelWork
    {
        public PoolGeometry G;
        public MapPointer Dy;
        public MapPointer Dx;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int image = item / G.InputHeight;
            int iy = item % G.InputHeight;
            Outputs(iy, G.OutputHeight, G.InputHeight, out int firstOy, out int lastOy);
            for (int ix = 0; ix < G.InputWidth; ix++)
            {
                Outputs(ix, G.OutputWidth, G.InputWidth, out int firstOx, out int lastOx);
                float* dx = Dx.Data + ((((nint)item * G.InputWidth) + ix) * Dx.Stride);
                if (!Accumulate)
                {
                    new Span<float>(dx, G.Channels).Clear();
                }

                for (int oy = firstOy; oy <= lastOy; oy++)
                {
                    float shareY = Range(G, oy, G.OutputHeight, G.InputHeight, out int _, out int _);
                    for (int ox = firstOx; ox <= lastOx; ox++)
                    {
                        float share = shareY * Range(G, ox, G.OutputWidth, G.InputWidth, out int _, out int _);
                        nint position = ((((nint)image * G.OutputHeight) + oy) * G.OutputWidth) + ox;
                        AddShare(Dy.Data + (position * Dy.Stride), share, dx);
                    }
                }
            }
        }

        // The outputs [first, last] whose windows hold an input row (or column).
        private readonly void Outputs(int input, int outputs, int inputs, out int first, out int last)
        {
            if (G.Kernel == 0)
            {
                first = input * outputs / inputs;
                last = Math.Min(outputs - 1, (((input + 1) * outputs) - 1) / inputs);
                return;
            }

            int padded = input + G.Padding;
            first = padded < G.Kernel ? 0 : ((padded - G.Kernel) / G.Stride) + 1;
            last = Math.Min(outputs - 1, padded / G.Stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void AddShare(float* dy, float share, float* dx)
        {
            TVector factor = TSimd.Broadcast(share);
            int c = 0;
            for (; c <= G.Channels - TSimd.Width; c += TSimd.Width)
            {
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(dy + c), factor, TSimd.Load(dx + c)), dx + c);
            }

            for (; c < G.Channels; c++)
            {
                dx[c] = float.MultiplyAddEstimate(dy[c], share, dx[c]);
            }
        }
    }
}
