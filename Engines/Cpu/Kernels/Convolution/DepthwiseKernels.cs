using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>Depthwise convolution: each channel has its own filter, <c>[filter row, filter column, channel]</c>; vectors run along channels.</summary>
internal static unsafe class DepthwiseKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Slices of the batch whose filter gradients are summed in order: fixed, so that the result does not depend on the team.
    private const int MaxSlices = 8;

    public static void Forward(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer x, float* filters, in ConvolutionEpilogue epilogue, MapPointer y)
    {
        ConvolutionGeometry g = geometry;
        var work = new DepthwiseGatherWork<TSimd, TVector>
        {
            Plan = GatherPlan.Forward(g, workspace),
            Source = new GatherMap { Data = x.Data, Stride = x.Stride, Height = g.InputHeight, Width = g.InputWidth },
            Destination = new GatherMap { Data = y.Data, Stride = y.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            Residual = new GatherMap { Data = epilogue.Residual.Data, Stride = epilogue.Residual.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
            Filters = filters,
            Bias = epilogue.Bias,
            Batch = g.Batch,
            Channels = g.InputChannels,
            Rectify = epilogue.Rectify,
            Ceiling = epilogue.Ceiling,
            Pointers = workspace.TakePointers(2L * g.Taps * team.Size),
        };
        team.Run(ref work, work.Items);
    }

    public static void InputGradient(ThreadTeam team, Workspace workspace, in ConvolutionGeometry geometry, MapPointer dy, float* filters, MapPointer dx, bool accumulate)
    {
        ConvolutionGeometry g = geometry;
        float** pointers = workspace.TakePointers(2L * g.Taps * team.Size);
        for (int phaseY = 0; phaseY < Math.Min(g.StrideY, g.InputHeight); phaseY++)
        {
            for (int phaseX = 0; phaseX < Math.Min(g.StrideX, g.InputWidth); phaseX++)
            {
                var work = new DepthwiseGatherWork<TSimd, TVector>
                {
                    Plan = GatherPlan.Backward(g, phaseY, phaseX, workspace),
                    Source = new GatherMap { Data = dy.Data, Stride = dy.Stride, Height = g.OutputHeight, Width = g.OutputWidth },
                    Destination = new GatherMap { Data = dx.Data, Stride = dx.Stride, Height = g.InputHeight, Width = g.InputWidth },
                    Filters = filters,
                    Batch = g.Batch,
                    Channels = g.InputChannels,
                    Accumulate = accumulate,
                    Pointers = pointers,
                };
                team.Run(ref work, work.Items);
            }
        }
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
                for (; c <= G.InputChannels - (4 * TSimd.Width); c += 4 * TSimd.Width)
                {
                    FourVectors(dy + ((nint)firstX * Dy.Stride) + c, firstSource + c, lastX - firstX, sums + c);
                }

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

        // Four independent sums hide the latency of a multiply-add.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void FourVectors(float* dy, float* x, int count, float* sums)
        {
            int v = TSimd.Width;
            TVector s0 = TSimd.Load(sums), s1 = TSimd.Load(sums + v), s2 = TSimd.Load(sums + (2 * v)), s3 = TSimd.Load(sums + (3 * v));
            nint step = (nint)G.StrideX * X.Stride;
            for (int i = 0; i < count; i++)
            {
                s0 = TSimd.MultiplyAdd(TSimd.Load(dy), TSimd.Load(x), s0);
                s1 = TSimd.MultiplyAdd(TSimd.Load(dy + v), TSimd.Load(x + v), s1);
                s2 = TSimd.MultiplyAdd(TSimd.Load(dy + (2 * v)), TSimd.Load(x + (2 * v)), s2);
                s3 = TSimd.MultiplyAdd(TSimd.Load(dy + (3 * v)), TSimd.Load(x + (3 * v)), s3);
                dy += Dy.Stride;
                x += step;
            }

            TSimd.Store(s0, sums);
            TSimd.Store(s1, sums + v);
            TSimd.Store(s2, sums + (2 * v));
            TSimd.Store(s3, sums + (3 * v));
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
                sum = TWidth.MultiplyAdd(TWidth.Load(dy), TWidth.Load(x), sum);
                dy += Dy.Stride;
                x += step;
            }

            TWidth.Store(sum, sums);
        }
    }
}
