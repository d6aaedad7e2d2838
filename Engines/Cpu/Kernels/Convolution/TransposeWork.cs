using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Convolution;

/// <summary>Exchanges the rows and columns of a matrix; writes, or adds to what is there. An item is a run of columns.</summary>
internal unsafe struct TransposeWork : IParallelWork
{
    private const int ColumnsPerItem = 64;

    public float* Source;
    public nint SourceStride;
    public float* Destination;
    public nint DestinationStride;
    public int Rows;
    public int Columns;
    public bool Accumulate;

    public readonly int Items => (Columns + ColumnsPerItem - 1) / ColumnsPerItem;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int item, int worker)
    {
        int last = Math.Min(Columns, (item + 1) * ColumnsPerItem);
        for (int column = item * ColumnsPerItem; column < last; column++)
        {
            float* from = Source + column;
            float* to = Destination + (column * DestinationStride);
            for (int row = 0; row < Rows; row++)
            {
                float value = from[row * SourceStride];
                to[row] = Accumulate ? to[row] + value : value;
            }
        }
    }
}
