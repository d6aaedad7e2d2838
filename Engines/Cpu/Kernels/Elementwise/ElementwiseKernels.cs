using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Elementwise;

/// <summary>An operation on two values; a unary one ignores the second.</summary>
internal interface IElementwise
{
    TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

internal readonly struct CopyOperation : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => a;
}

internal readonly struct ClearOperation : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Zero;
}

internal readonly struct AddOperation : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Add(a, b);
}

internal readonly struct ReluOperation(float ceiling) : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Min(TSimd.Max(a, TSimd.Zero), TSimd.Broadcast(ceiling));
}

/// <summary>a is the output's gradient, b the output: the gradient passes strictly between the kinks.</summary>
internal readonly struct ReluGradientOperation(float ceiling) : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.SelectGreater(b, TSimd.Zero, TSimd.SelectGreater(TSimd.Broadcast(ceiling), b, a, TSimd.Zero), TSimd.Zero);
}

/// <summary>a is the output's gradient, b the output.</summary>
internal readonly struct SigmoidGradientOperation : IElementwise
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        => TSimd.Multiply(a, TSimd.Multiply(b, TSimd.Subtract(TSimd.Broadcast(1), b)));
}

/// <summary>Element-wise operations on maps of <c>rows</c> positions by <c>channels</c>; results may overwrite operands.</summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class ElementwiseKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Values of an item: 64 KiB an operand.
    private const int ItemValues = 16384;

    /// <summary><c>y = x</c>, or <c>y += x</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Copy(ThreadTeam team, long rows, int channels, MapPointer x, MapPointer y, bool accumulate) =>
        Run(team, default(CopyOperation), rows, channels, x, x, y, accumulate);

    /// <summary><c>y = 0</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="y">Output; what it held is read and dropped.</param>
    public static void Clear(ThreadTeam team, long rows, int channels, MapPointer y) =>
        Run(team, default(ClearOperation), rows, channels, y, y, y, false);

    /// <summary><c>y = a + b</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="a">One summand.</param>
    /// <param name="b">The other.</param>
    /// <param name="y">Output.</param>
    public static void Add(ThreadTeam team, long rows, int channels, MapPointer a, MapPointer b, MapPointer y) =>
        Run(team, default(AddOperation), rows, channels, a, b, y, false);

    /// <summary><c>y = min(max(x, 0), ceiling)</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="ceiling">The largest output.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public static void Relu(ThreadTeam team, long rows, int channels, float ceiling, MapPointer x, MapPointer y) =>
        Run(team, new ReluOperation(ceiling), rows, channels, x, x, y, false);

    /// <summary>ReLU's gradient.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="ceiling">The largest output.</param>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void ReluGradient(ThreadTeam team, long rows, int channels, float ceiling, MapPointer y, MapPointer dy, MapPointer dx, bool accumulate) =>
        Run(team, new ReluGradientOperation(ceiling), rows, channels, dy, y, dx, accumulate);

    /// <summary>The logistic function's gradient.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void SigmoidGradient(ThreadTeam team, long rows, int channels, MapPointer y, MapPointer dy, MapPointer dx, bool accumulate) =>
        Run(team, default(SigmoidGradientOperation), rows, channels, dy, y, dx, accumulate);

    private static void Run<TOperation>(ThreadTeam team, TOperation operation, long rows, int channels, MapPointer a, MapPointer b, MapPointer y, bool accumulate)
        where TOperation : unmanaged, IElementwise
    {
        var work = new Work<TOperation> { Operation = operation, A = a, B = b, Y = y, Accumulate = accumulate };
        bool dense = rows == 1 || (a.Stride == channels && b.Stride == channels && y.Stride == channels);
        work.Rows = dense ? 1 : rows;
        work.Channels = dense ? rows * channels : channels;
        work.RowsPerItem = Math.Max(1, ItemValues / channels);
        long items = dense ? (work.Channels + ItemValues - 1) / ItemValues : (rows + work.RowsPerItem - 1) / work.RowsPerItem;
        team.Run(ref work, checked((int)items));
    }

    private struct Work<TOperation> : IParallelWork
        where TOperation : unmanaged, IElementwise
    {
        public TOperation Operation;
        public MapPointer A;
        public MapPointer B;
        public MapPointer Y;
        public long Rows;
        public long Channels;
        public int RowsPerItem;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            if (Rows == 1)
            {
                long start = (long)item * ItemValues;
                Row(A.Data + start, B.Data + start, Y.Data + start, Math.Min(ItemValues, Channels - start));
                return;
            }

            long last = Math.Min(Rows, ((long)item + 1) * RowsPerItem);
            for (long row = (long)item * RowsPerItem; row < last; row++)
            {
                Row(A.Data + (row * A.Stride), B.Data + (row * B.Stride), Y.Data + (row * Y.Stride), Channels);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Row(float* a, float* b, float* y, long count)
        {
            TOperation operation = Operation;
            long i = 0;
            if (Accumulate)
            {
                for (; i <= count - TSimd.Width; i += TSimd.Width)
                {
                    TVector value = operation.Apply<TSimd, TVector>(TSimd.Load(a + i), TSimd.Load(b + i));
                    TSimd.Store(TSimd.Add(value, TSimd.Load(y + i)), y + i);
                }

                for (; i < count; i++)
                {
                    y[i] += operation.Apply<SimdScalar, float>(a[i], b[i]);
                }

                return;
            }

            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(operation.Apply<TSimd, TVector>(TSimd.Load(a + i), TSimd.Load(b + i)), y + i);
            }

            for (; i < count; i++)
            {
                y[i] = operation.Apply<SimdScalar, float>(a[i], b[i]);
            }
        }
    }
}
