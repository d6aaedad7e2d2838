using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Normalization;

/// <summary>The gradient of batch normalization, with ReLU after it undone on the way.</summary>
internal static unsafe partial class BatchNormKernels<TSimd, TVector>
{
    /// <summary>Sums over positions of the gradient that reaches the normalization, and of its product with <c>x - mean</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="sums">Receives the sums of the gradient, <c>[channels]</c>.</param>
    /// <param name="products">Receives the sums of the products, <c>[channels]</c>.</param>
    public static void GradientSums(ThreadTeam team, Workspace workspace, int rows, int channels, in NormGradientOperands operands, double* sums, double* products)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        var work = new GradientSumsWork { Operands = operands, Rows = rows, Channels = channels, RowsPerBlock = RowsPerBlock(channels) };
        int blocks = (rows + work.RowsPerBlock - 1) / work.RowsPerBlock;
        work.Partials = workspace.Take<float>(2L * blocks * channels);
        team.Run(ref work, blocks);
        var combine = new CombineSumsWork { Partials = work.Partials, Blocks = blocks, Channels = channels, Sums = sums, Products = products };
        team.Run(ref combine, ChannelRuns(channels));
    }

    /// <summary><c>dx = a g + b (x - mean) + c</c> for the gradient g that reaches the normalization; g itself is the summand's gradient.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="operands">What is read.</param>
    /// <param name="a">Factors of the gradient.</param>
    /// <param name="b">Factors of the centered input.</param>
    /// <param name="c">Offsets.</param>
    /// <param name="dx">The input's gradient, or none; may be the output's.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    /// <param name="dresidual">The summand's gradient, or none; may be the output's.</param>
    /// <param name="accumulateResidual">Whether to add to what is there.</param>
    public static void Gradient(ThreadTeam team, int rows, int channels, in NormGradientOperands operands, float* a, float* b, float* c, MapPointer dx, bool accumulate, MapPointer dresidual, bool accumulateResidual)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new GradientWork
        {
            Operands = operands,
            A = a,
            B = b,
            C = c,
            Dx = dx,
            Accumulate = accumulate,
            Dresidual = dresidual,
            AccumulateResidual = accumulateResidual,
            Rows = rows,
            Channels = channels,
            RowsPerBlock = RowsPerBlock(channels),
        };
        team.Run(ref work, (rows + work.RowsPerBlock - 1) / work.RowsPerBlock);
    }

    // The gradient behind ReLU: it passes strictly between the kinks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWide Pass<TWidth, TWide>(in NormGradientOperands operands, TWide dy, TWide x, float* y, int c)
        where TWidth : struct, ISimd<TWide>
        where TWide : struct
    {
        if (operands.Mask == RectifierMask.None)
        {
            return dy;
        }

        TWide output = operands.Mask == RectifierMask.FromOutput ? TWidth.Load(y + c) : operands.Line.At<TWidth, TWide>(x, c);
        TWide below = TWidth.SelectGreater(TWidth.Broadcast(operands.Ceiling), output, dy, TWidth.Zero);
        return TWidth.SelectGreater(output, TWidth.Zero, below, TWidth.Zero);
    }

    /// <summary>Adds the blocks' sums, block after block. An item is a run of channels.</summary>
    private struct CombineSumsWork : IParallelWork
    {
        public float* Partials;
        public int Blocks;
        public int Channels;
        public double* Sums;
        public double* Products;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int first = item * ChannelsPerRun;
            int last = Math.Min(Channels, first + ChannelsPerRun);
            new Span<double>(Sums + first, last - first).Clear();
            new Span<double>(Products + first, last - first).Clear();
            for (int block = 0; block < Blocks; block++)
            {
                float* partials = Partials + (2L * block * Channels);
                for (int c = first; c < last; c++)
                {
                    Sums[c] += partials[c];
                    Products[c] += partials[Channels + c];
                }
            }
        }
    }

    private struct GradientSumsWork : IParallelWork
    {
        public NormGradientOperands Operands;
        public float* Partials;
        public int Rows;
        public int Channels;
        public int RowsPerBlock;

        // Row after row: rows a power of two apart, read side by side, would fight for the same sets of the caches. The sums of all channels
        // wait in the first-level cache meanwhile.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            NormGradientOperands operands = Operands;
            float* sums = Partials + (2L * item * Channels);
            new Span<float>(sums, 2 * Channels).Clear();
            nint aheadX = AheadIn(operands.X, Channels);
            nint aheadDy = AheadIn(operands.Dy, Channels);
            int last = Math.Min(Rows, (item + 1) * RowsPerBlock);
            for (int row = item * RowsPerBlock; row < last; row++)
            {
                float* x = operands.X.Data + ((long)row * operands.X.Stride);
                float* y = operands.Y.Data + ((long)row * operands.Y.Stride);
                float* dy = operands.Dy.Data + ((long)row * operands.Dy.Stride);
                int c = 0;
                for (; c <= Channels - TSimd.Width; c += TSimd.Width)
                {
                    CacheHint.Prefetch(x + c + aheadX);
                    CacheHint.Prefetch(dy + c + aheadDy);
                    Add<TSimd, TVector>(operands, x, y, dy, c, sums);
                }

                for (; c < Channels; c++)
                {
                    Add<SimdScalar, float>(operands, x, y, dy, c, sums);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Add<TWidth, TWide>(in NormGradientOperands operands, float* x, float* y, float* dy, int c, float* sums)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide input = TWidth.Load(x + c);
            TWide g = Pass<TWidth, TWide>(operands, TWidth.Load(dy + c), input, y, c);
            TWidth.Store(TWidth.Add(TWidth.Load(sums + c), g), sums + c);
            TWide centered = TWidth.Subtract(input, TWidth.Load(operands.Line.Mean + c));
            TWidth.Store(TWidth.MultiplyAdd(g, centered, TWidth.Load(sums + Channels + c)), sums + Channels + c);
        }
    }

    private struct GradientWork : IParallelWork
    {
        public NormGradientOperands Operands;
        public float* A;
        public float* B;
        public float* C;
        public MapPointer Dx;
        public bool Accumulate;
        public MapPointer Dresidual;
        public bool AccumulateResidual;
        public int Rows;
        public int Channels;
        public int RowsPerBlock;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            NormGradientOperands operands = Operands;
            nint aheadX = AheadIn(operands.X, Channels);
            nint aheadDx = AheadIn(Dx, Channels);
            bool gaps = operands.X.Stride > Channels || Dx.Stride > Channels;
            int last = Math.Min(Rows, (item + 1) * RowsPerBlock);
            for (int row = item * RowsPerBlock; row < last; row++)
            {
                float* x = operands.X.Data + ((long)row * operands.X.Stride);
                float* y = operands.Y.Data + ((long)row * operands.Y.Stride);
                float* dy = operands.Dy.Data + ((long)row * operands.Dy.Stride);
                float* dx = Dx.Data is null ? null : Dx.Data + ((long)row * Dx.Stride);
                float* dresidual = Dresidual.Data is null ? null : Dresidual.Data + ((long)row * Dresidual.Stride);
                int c = 0;
                for (; c <= Channels - TSimd.Width; c += TSimd.Width)
                {
                    if (gaps)
                    {
                        CacheHint.Prefetch(x + c + aheadX);
                        CacheHint.Prefetch(dx + c + aheadDx);
                    }

                    Value<TSimd, TVector>(operands, x, y, dy, dx, dresidual, c);
                }

                for (; c < Channels; c++)
                {
                    Value<SimdScalar, float>(operands, x, y, dy, dx, dresidual, c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Value<TWidth, TWide>(in NormGradientOperands operands, float* x, float* y, float* dy, float* dx, float* dresidual, int c)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide input = TWidth.Load(x + c);
            TWide g = Pass<TWidth, TWide>(operands, TWidth.Load(dy + c), input, y, c);
            if (dresidual is not null)
            {
                TWidth.Store(AccumulateResidual ? TWidth.Add(g, TWidth.Load(dresidual + c)) : g, dresidual + c);
            }

            if (dx is not null)
            {
                TWide centered = TWidth.Subtract(input, TWidth.Load(operands.Line.Mean + c));
                TWide value = TWidth.MultiplyAdd(g, TWidth.Load(A + c), TWidth.MultiplyAdd(centered, TWidth.Load(B + c), TWidth.Load(C + c)));
                TWidth.Store(Accumulate ? TWidth.Add(value, TWidth.Load(dx + c)) : value, dx + c);
            }
        }
    }
}
