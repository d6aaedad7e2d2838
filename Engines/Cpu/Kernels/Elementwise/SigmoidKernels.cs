using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Elementwise;

/// <summary>The logistic function, by System.Numerics.Tensors' vectorized exponential.</summary>
internal static unsafe class SigmoidKernels
{
    private const int ItemValues = 4096;

    /// <summary><c>y = 1 / (1 + exp(-x))</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output; may be the input.</param>
    public static void Forward(ThreadTeam team, int rows, int channels, MapPointer x, MapPointer y)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new Work { Rows = rows, Channels = channels, X = x, Y = y, RowsPerItem = Math.Max(1, ItemValues / channels) };
        team.Run(ref work, (rows + work.RowsPerItem - 1) / work.RowsPerItem);
    }

    private struct Work : IParallelWork
    {
        public int Rows;
        public int Channels;
        public int RowsPerItem;
        public MapPointer X;
        public MapPointer Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int last = Math.Min(Rows, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < last; row++)
            {
                TensorPrimitives.Sigmoid(new ReadOnlySpan<float>(X.Data + ((long)row * X.Stride), Channels), new Span<float>(Y.Data + ((long)row * Y.Stride), Channels));
            }
        }
    }
}
