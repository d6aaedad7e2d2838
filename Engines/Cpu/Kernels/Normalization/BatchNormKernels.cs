using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Normalization;

/// <summary>
/// Batch normalization on <c>rows</c> positions by <c>channels</c> (Ioffe and Szegedy 2015, arXiv:1502.03167). Statistics are taken in
/// blocks of rows that fit the cache, mean first (of differences from the block's first row) and squared deviations from it second, and
/// blocks are combined in double precision and in order (Chan, Golub, LeVeque 1979), so that a large mean costs no accuracy and the
/// result does not depend on the team.
/// </summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe partial class BatchNormKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // 256 KiB: statistics read a block twice, the second time from the second-level cache.
    private const int BlockValues = 65536;

    // Channels that one item combines over all blocks.
    private const int ChannelsPerRun = 32;

    /// <summary>Mean and biased variance of each channel.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="rows">Positions, at least 1.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="mean">Receives the means, <c>[channels]</c>.</param>
    /// <param name="variance">Receives the variances, <c>[channels]</c>.</param>
    public static void Statistics(ThreadTeam team, Workspace workspace, int rows, int channels, MapPointer x, float* mean, float* variance)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Reset();
        var work = new StatisticsWork { X = x, Rows = rows, Channels = channels, RowsPerBlock = RowsPerBlock(channels) };
        int blocks = (rows + work.RowsPerBlock - 1) / work.RowsPerBlock;
        work.Partials = workspace.Take<float>(2L * blocks * channels);
        team.Run(ref work, blocks);
        var combine = new CombineStatisticsWork { Partials = work.Partials, Blocks = blocks, RowsPerBlock = work.RowsPerBlock, Rows = rows, Channels = channels, Mean = mean, Variance = variance };
        team.Run(ref combine, ChannelRuns(channels));
    }

    /// <summary><c>y = (x - mean) * factor + offset</c>, plus a summand, rectified; the last two where wanted.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="line">Mean, factor and offset of each channel.</param>
    /// <param name="residual">The summand, or none.</param>
    /// <param name="ceiling">ReLU's upper bound, or null without ReLU.</param>
    /// <param name="y">Output; may be the input or the summand.</param>
    public static void Apply(ThreadTeam team, int rows, int channels, MapPointer x, in NormLine line, MapPointer residual, float? ceiling, MapPointer y)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new ApplyWork
        {
            X = x,
            Line = line,
            Residual = residual,
            Rectify = ceiling is not null,
            Ceiling = ceiling ?? 0,
            Y = y,
            Rows = rows,
            Channels = channels,
            RowsPerBlock = RowsPerBlock(channels),
            Stream = y.Data != x.Data && y.Data != residual.Data && CacheHint.SuitsStreaming(y.Data, y.Stride, (long)rows * channels, TSimd.Width),
        };
        team.Run(ref work, (rows + work.RowsPerBlock - 1) / work.RowsPerBlock);
    }

    private static int RowsPerBlock(int channels) => Math.Max(1, BlockValues / channels);

    // How far ahead to ask for a map's values: whole rows, since rows of a wider map have gaps between them, which no hardware foresees.
    private static nint AheadIn(MapPointer map, int channels) => Math.Max(1, CacheHint.Ahead / channels) * (nint)map.Stride;

    private static int ChannelRuns(int channels) => (channels + ChannelsPerRun - 1) / ChannelsPerRun;

    /// <summary>Combines the blocks' means and squared deviations, block after block. An item is a run of channels.</summary>
    private struct CombineStatisticsWork : IParallelWork
    {
        public float* Partials;
        public int Blocks;
        public int RowsPerBlock;
        public int Rows;
        public int Channels;
        public float* Mean;
        public float* Variance;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int first = item * ChannelsPerRun;
            int count = Math.Min(ChannelsPerRun, Channels - first);
            double* centers = stackalloc double[ChannelsPerRun];
            double* squares = stackalloc double[ChannelsPerRun];
            double total = 0;
            for (int block = 0; block < Blocks; block++)
            {
                float* means = Partials + (2L * block * Channels) + first;
                float* deviations = means + Channels;
                int rows = Math.Min(RowsPerBlock, Rows - (block * RowsPerBlock));
                double share = rows / (total + rows);
                double weight = total * share;
                for (int c = 0; c < count; c++)
                {
                    double delta = means[c] - centers[c];
                    centers[c] += delta * share;
                    squares[c] += deviations[c] + (delta * delta * weight);
                }

                total += rows;
            }

            for (int c = 0; c < count; c++)
            {
                Mean[first + c] = (float)centers[c];
                Variance[first + c] = (float)(squares[c] / Rows);
            }
        }
    }

    private struct StatisticsWork : IParallelWork
    {
        public MapPointer X;
        public float* Partials;
        public int Rows;
        public int Channels;
        public int RowsPerBlock;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int c = 0;
            for (; c <= Channels - (4 * TSimd.Width); c += 4 * TSimd.Width)
            {
                Four(item, c);
            }

            for (; c <= Channels - TSimd.Width; c += TSimd.Width)
            {
                One<TSimd, TVector>(item, c);
            }

            for (; c < Channels; c++)
            {
                One<SimdScalar, float>(item, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Four(int item, int c)
        {
            int v = TSimd.Width;
            int first = item * RowsPerBlock;
            int count = Math.Min(RowsPerBlock, Rows - first);
            float* start = X.Data + ((long)first * X.Stride) + c;
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            TVector f0 = TSimd.Load(start), f1 = TSimd.Load(start + v), f2 = TSimd.Load(start + (2 * v)), f3 = TSimd.Load(start + (3 * v));
            float* x = start;
            nint ahead = AheadIn(X, Channels);
            bool gaps = X.Stride > Channels;
            for (int row = 0; row < count; row++, x += X.Stride)
            {
                if (gaps)
                {
                    CacheHint.Prefetch(x + ahead);
                    CacheHint.Prefetch(x + ahead + v);
                    CacheHint.Prefetch(x + ahead + (2 * v));
                    CacheHint.Prefetch(x + ahead + (3 * v));
                }

                s0 = TSimd.Add(s0, TSimd.Subtract(TSimd.Load(x), f0));
                s1 = TSimd.Add(s1, TSimd.Subtract(TSimd.Load(x + v), f1));
                s2 = TSimd.Add(s2, TSimd.Subtract(TSimd.Load(x + (2 * v)), f2));
                s3 = TSimd.Add(s3, TSimd.Subtract(TSimd.Load(x + (3 * v)), f3));
            }

            TVector share = TSimd.Broadcast(1.0f / count);
            s0 = TSimd.MultiplyAdd(s0, share, f0);
            s1 = TSimd.MultiplyAdd(s1, share, f1);
            s2 = TSimd.MultiplyAdd(s2, share, f2);
            s3 = TSimd.MultiplyAdd(s3, share, f3);
            TVector q0 = TSimd.Zero, q1 = TSimd.Zero, q2 = TSimd.Zero, q3 = TSimd.Zero;
            x = start;
            for (int row = 0; row < count; row++, x += X.Stride)
            {
                TVector d0 = TSimd.Subtract(TSimd.Load(x), s0);
                TVector d1 = TSimd.Subtract(TSimd.Load(x + v), s1);
                TVector d2 = TSimd.Subtract(TSimd.Load(x + (2 * v)), s2);
                TVector d3 = TSimd.Subtract(TSimd.Load(x + (3 * v)), s3);
                q0 = TSimd.MultiplyAdd(d0, d0, q0);
                q1 = TSimd.MultiplyAdd(d1, d1, q1);
                q2 = TSimd.MultiplyAdd(d2, d2, q2);
                q3 = TSimd.MultiplyAdd(d3, d3, q3);
            }

            float* means = Partials + (2L * item * Channels) + c;
            TSimd.Store(s0, means);
            TSimd.Store(s1, means + v);
            TSimd.Store(s2, means + (2 * v));
            TSimd.Store(s3, means + (3 * v));
            float* squares = means + Channels;
            TSimd.Store(q0, squares);
            TSimd.Store(q1, squares + v);
            TSimd.Store(q2, squares + (2 * v));
            TSimd.Store(q3, squares + (3 * v));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void One<TWidth, TWide>(int item, int c)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            int first = item * RowsPerBlock;
            int count = Math.Min(RowsPerBlock, Rows - first);
            float* start = X.Data + ((long)first * X.Stride) + c;
            TWide origin = TWidth.Load(start);
            TWide mean = TWidth.Zero;
            for (int row = 0; row < count; row++)
            {
                mean = TWidth.Add(mean, TWidth.Subtract(TWidth.Load(start + ((long)row * X.Stride)), origin));
            }

            mean = TWidth.MultiplyAdd(mean, TWidth.Broadcast(1.0f / count), origin);
            TWide squares = TWidth.Zero;
            for (int row = 0; row < count; row++)
            {
                TWide delta = TWidth.Subtract(TWidth.Load(start + ((long)row * X.Stride)), mean);
                squares = TWidth.MultiplyAdd(delta, delta, squares);
            }

            TWidth.Store(mean, Partials + (2L * item * Channels) + c);
            TWidth.Store(squares, Partials + (((2L * item) + 1) * Channels) + c);
        }
    }

    private struct ApplyWork : IParallelWork
    {
        public MapPointer X;
        public NormLine Line;
        public MapPointer Residual;
        public bool Rectify;
        public float Ceiling;
        public MapPointer Y;
        public int Rows;
        public int Channels;
        public int RowsPerBlock;
        public bool Stream;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            nint ahead = AheadIn(X, Channels);
            bool gaps = X.Stride > Channels;
            int last = Math.Min(Rows, (item + 1) * RowsPerBlock);
            for (int row = item * RowsPerBlock; row < last; row++)
            {
                float* x = X.Data + ((long)row * X.Stride);
                float* y = Y.Data + ((long)row * Y.Stride);
                float* residual = Residual.Data is null ? null : Residual.Data + ((long)row * Residual.Stride);
                int c = 0;
                for (; c <= Channels - TSimd.Width; c += TSimd.Width)
                {
                    if (gaps)
                    {
                        CacheHint.Prefetch(x + c + ahead);
                    }

                    Value<TSimd, TVector>(x, residual, y, c);
                }

                for (; c < Channels; c++)
                {
                    Value<SimdScalar, float>(x, residual, y, c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Value<TWidth, TWide>(float* x, float* residual, float* y, int c)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide value = Line.At<TWidth, TWide>(TWidth.Load(x + c), c);
            if (residual is not null)
            {
                value = TWidth.Add(value, TWidth.Load(residual + c));
            }

            if (Rectify)
            {
                value = TWidth.Min(TWidth.Max(value, TWidth.Zero), TWidth.Broadcast(Ceiling));
            }

            if (Stream)
            {
                TWidth.StoreStreaming(value, y + c);
            }
            else
            {
                TWidth.Store(value, y + c);
            }
        }
    }
}
