using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>Sums over positions for each channel, as a bias's gradient is: blocks of rows, summed in order.</summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class ColumnSumKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int BlockValues = 16384;

    /// <summary>Computes the sums.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="sums">Receives the sums, <c>[channels]</c>.</param>
    public static void Run(ThreadTeam team, Workspace workspace, int rows, int channels, MapPointer x, float* sums)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Reset();
        int rowsPerBlock = Math.Max(1, BlockValues / channels);
        int blocks = (rows + rowsPerBlock - 1) / rowsPerBlock;
        var work = new Work { X = x, Rows = rows, Channels = channels, RowsPerBlock = rowsPerBlock, Partials = workspace.Take<float>((long)blocks * channels) };
        team.Run(ref work, blocks);
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (int block = 0; block < blocks; block++)
            {
                sum += work.Partials[((long)block * channels) + c];
            }

            sums[c] = (float)sum;
        }
    }

    private struct Work : IParallelWork
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
            for (; c <= Channels - TSimd.Width; c += TSimd.Width)
            {
                Column<TSimd, TVector>(item, c);
            }

            for (; c < Channels; c++)
            {
                Column<SimdScalar, float>(item, c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Column<TWidth, TWide>(int item, int c)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide sum = TWidth.Zero;
            int last = Math.Min(Rows, (item + 1) * RowsPerBlock);
            for (int row = item * RowsPerBlock; row < last; row++)
            {
                sum = TWidth.Add(sum, TWidth.Load(X.Data + ((long)row * X.Stride) + c));
            }

            TWidth.Store(sum, Partials + ((long)item * Channels) + c);
        }
    }
}
