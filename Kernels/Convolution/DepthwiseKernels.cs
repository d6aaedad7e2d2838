using System.Runtime.CompilerServices;
using MLClassify.Kernels.Simd;
using MLClassify.Kernels.Threading;

namespace MLClassify.Kernels.Convolution;

/// <summary>Depthwise convolution: each channel has its own filter, <c>[filter row, filter column, channel]</c>; vectors run along channels.</summary>
internal static unsafe class DepthwiseKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Slices of the batch whose filter gradients are summed in order: fixed, so that the result does not depend on the team.
    private const int MaxSlices = 8;

    public static void Forward(ThreadTeam team, in ConvolutionGeometry geometry, MapPointer x, float* filters, in ConvolutionEpilogue epilogue, MapPointer y)
    {
        var work = new ForwardWork { G = geometry, X = x, Filters = filters, Epilogue = epilogue, Y = y };
        team.Run(ref work, geometry.Batch * geometry.OutputHeight);
    }

    public static void InputGradient(ThreadTeam team, in ConvolutionGeometry geometry, MapPointer dy, float* filters, MapPointer dx, bool accumulate)
    {
        var work = new InputGradientWork { G = geometry, Dy = dy, Filters = filters, Dx = dx, Accumulate = accumulate };
        team.Run(ref work, geometry.Batch * geometry.InputHeight);
    }

    public static void FilterGradient(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer x, MapPointer dy, float* gradient)
    {
        int slices = Math.Min(MaxSlices, geometry.Batch);
        long length = (long)geometry.Taps * geometry.InputChannels;
        float* partials = workspace.Take<float>(slices * length);
        var work = new FilterGradientWork { G = geometry, X = x, Dy = dy, Partials = partials, Slices = slices };
        team.Run(ref work, slices * geometry.KernelHeight);
        new Span<float>(gradient, (int)length).Clear();
        var sum = new SumPartialsWork<TSimd, TVector> { Destination = gradient, Partials = partials, Count = slices, Length = length };
        team.Run(ref sum, sum.Items);
    }

    // Adds one filter tap's product to a vector of channels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide MultiplyAdd<TWidth, TWide>(float* x, float* filter, TWide sum)
        where TWidth : struct, ISimd<TWide>
        where TWide : struct
        => TWidth.MultiplyAdd(TWidth.Load(x), TWidth.Load(filter), sum);

    private struct ForwardWork : IParallelWork
    {
        public ConvolutionGeometry G;
        public MapPointer X;
        public float* Filters;
        public ConvolutionEpilogue Epilogue;
        public MapPointer Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int item, int worker)
        {
            int image = item / G.OutputHeight;
            int oy = item % G.OutputHeight;
            int top = (oy * G.StrideY) - G.PaddingTop;
            int firstY = Math.Max(0, -top);
            int lastY = Math.Min(G.KernelHeight, G.InputHeight - top);
            for (int ox = 0; ox < G.OutputWidth; ox++)
            {
                int left = (ox * G.StrideX) - G.PaddingLeft;
                int firstX = Math.Max(0, -left);
                int lastX = Math.Min(G.KernelWidth, G.InputWidth - left);
                nint position = ((nint)item * G.OutputWidth) + ox;
                float* residual = Epilogue.Residual.Data is null ? null : Epilogue.Residual.Data + (position * Epilogue.Residual.Stride);
                float* source = X.Data + ((((((nint)image * G.InputHeight) + top) * G.InputWidth) + left) * X.Stride);
                int c = 0;
                for (; c <= G.InputChannels - TSimd.Width; c += TSimd.Width)
                {
                    Position<TSimd, TVector>(source + c, c, firstY, lastY, firstX, lastX, residual, Y.Data + (position * Y.Stride));
                }

                for (; c < G.InputChannels; c++)
                {
                    Position<SimdScalar, float>(source + c, c, firstY, lastY, firstX, lastX, residual, Y.Data + (position * Y.Stride));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Position<TWidth, TWide>(float* source, int c, int firstY, int lastY, int firstX, int lastX, float* residual, float* destination)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = Epilogue.Bias is null ? TWidth.Zero : TWidth.Load(Epilogue.Bias + c);
            for (int ky = firstY; ky < lastY; ky++)
            {
                float* row = source + ((nint)ky * G.InputWidth * X.Stride);
                float* filter = Filters + ((nint)ky * G.KernelWidth * G.InputChannels) + c;
                for (int kx = firstX; kx < lastX; kx++)
                {
                    sum = MultiplyAdd<TWidth, TWide>(row + ((nint)kx * X.Stride), filter + ((nint)kx * G.InputChannels), sum);
                }
            }

            sum = residual is null ? sum : TWidth.Add(sum, TWidth.Load(residual + c));
            sum = Epilogue.Rectify ? TWidth.Min(TWidth.Max(sum, TWidth.Zero), TWidth.Broadcast(Epilogue.Ceiling)) : sum;
            TWidth.Store(sum, destination + c);
        }
    }

    private struct InputGradientWork : IParallelWork
    {
        public ConvolutionGeometry G;
        public MapPointer Dy;
        public float* Filters;
        public MapPointer Dx;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int item, int worker)
        {
            int image = item / G.InputHeight;
            int y = (item % G.InputHeight) + G.PaddingTop;
            for (int ix = 0; ix < G.InputWidth; ix++)
            {
                int x = ix + G.PaddingLeft;
                float* destination = Dx.Data + ((((nint)item * G.InputWidth) + ix) * Dx.Stride);
                int c = 0;
                for (; c <= G.InputChannels - TSimd.Width; c += TSimd.Width)
                {
                    Position<TSimd, TVector>(image, y, x, c, destination);
                }

                for (; c < G.InputChannels; c++)
                {
                    Position<SimdScalar, float>(image, y, x, c, destination);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Position<TWidth, TWide>(int image, int y, int x, int c, float* destination)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = Accumulate ? TWidth.Load(destination + c) : TWidth.Zero;
            for (int ky = y % G.StrideY; ky < G.KernelHeight && ky <= y; ky += G.StrideY)
            {
                int oy = (y - ky) / G.StrideY;
                if (oy >= G.OutputHeight)
                {
                    continue;
                }

                float* row = Dy.Data + ((((nint)image * G.OutputHeight) + oy) * G.OutputWidth * Dy.Stride) + c;
                for (int kx = x % G.StrideX; kx < G.KernelWidth && kx <= x; kx += G.StrideX)
                {
                    int ox = (x - kx) / G.StrideX;
                    if (ox < G.OutputWidth)
                    {
                        sum = MultiplyAdd<TWidth, TWide>(row + ((nint)ox * Dy.Stride), Filters + (((nint)(ky * G.KernelWidth) + kx) * G.InputChannels) + c, sum);
                    }
                }
            }

            TWidth.Store(sum, destination + c);
        }
    }

    // An item is one filter row over one slice of the batch.
    private struct FilterGradientWork : IParallelWork
    {
        public ConvolutionGeometry G;
        public MapPointer X;
        public MapPointer Dy;
        public float* Partials;
        public int Slices;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int slice = item / G.KernelHeight;
            int ky = item % G.KernelHeight;
            float* destination = Partials + ((long)slice * G.Taps * G.InputChannels) + ((long)ky * G.KernelWidth * G.InputChannels);
            new Span<float>(destination, G.KernelWidth * G.InputChannels).Clear();
            int firstImage = (int)((long)G.Batch * slice / Slices);
            int lastImage = (int)((long)G.Batch * (slice + 1) / Slices);
            for (int image = firstImage; image < lastImage; image++)
            {
                for (int oy = 0; oy < G.OutputHeight; oy++)
                {
                    int iy = (oy * G.StrideY) - G.PaddingTop + ky;
                    if ((uint)iy < (uint)G.InputHeight)
                    {
                        Row(image, oy, iy, destination);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Row(int image, int oy, int iy, float* destination)
        {
            float* dy = Dy.Data + ((((nint)image * G.OutputHeight) + oy) * G.OutputWidth * Dy.Stride);
            float* x = X.Data + ((((nint)image * G.InputHeight) + iy) * G.InputWidth * X.Stride);
            for (int kx = 0; kx < G.KernelWidth; kx++)
            {
                int shift = kx - G.PaddingLeft;
                int firstX = Math.Max(0, (-shift + G.StrideX - 1) / G.StrideX);
                int lastX = Math.Min(G.OutputWidth, ((G.InputWidth - 1 - shift) / G.StrideX) + 1);
                if (shift > G.InputWidth - 1 || lastX <= firstX)
                {
                    continue;
                }

                float* sums = destination + ((nint)kx * G.InputChannels);
                float* firstSource = x + (((nint)(firstX * G.StrideX) + shift) * X.Stride);
                int c = 0;
                for (; c <= G.InputChannels - TSimd.Width; c += TSimd.Width)
                {
                    Channels<TSimd, TVector>(dy + ((nint)firstX * Dy.Stride) + c, firstSource + c, lastX - firstX, sums + c);
                }

                for (; c < G.InputChannels; c++)
                {
                    Channels<SimdScalar, float>(dy + ((nint)firstX * Dy.Stride) + c, firstSource + c, lastX - firstX, sums + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Channels<TWidth, TWide>(float* dy, float* x, int count, float* sums)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = TWidth.Load(sums);
            nint step = (nint)G.StrideX * X.Stride;
            for (int i = 0; i < count; i++)
            {
                sum = MultiplyAdd<TWidth, TWide>(dy, x, sum);
                dy += Dy.Stride;
                x += step;
            }

            TWidth.Store(sum, sums);
        }
    }
}
