using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>Whole vectors, as gradients and parameters are between two steps: sums, averages, lengths.</summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class VectorKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int ItemValues = 16384;

    /// <summary><c>y = a x + b y</c>.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="a">The factor of x.</param>
    /// <param name="x">Added.</param>
    /// <param name="b">The factor of y.</param>
    /// <param name="y">Changed; may be x.</param>
    /// <param name="count">Values.</param>
    public static void Axpby(ThreadTeam team, float a, float* x, float b, float* y, long count)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new CombineWork { A = a, X = x, B = b, Y = y, Count = count };
        team.Run(ref work, Items(count));
    }

    /// <summary>The sum of squares: blocks in float32 lanes, summed in order in double precision. Not finite where a value is not.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="x">The values.</param>
    /// <param name="count">Values.</param>
    public static double SumOfSquares(ThreadTeam team, Workspace workspace, float* x, long count)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        int items = Items(count);
        workspace.Reset();
        var work = new SquareWork { X = x, Count = count, Partials = workspace.Take<double>(items) };
        team.Run(ref work, items);
        double sum = 0;
        for (int i = 0; i < items; i++)
        {
            sum += work.Partials[i];
        }

        return sum;
    }

    private static int Items(long count) => checked((int)((count + ItemValues - 1) / ItemValues));

    private struct CombineWork : IParallelWork
    {
        public float A;
        public float* X;
        public float B;
        public float* Y;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            long i = (long)item * ItemValues;
            long end = Math.Min(Count, i + ItemValues);
            TVector a = TSimd.Broadcast(A);
            TVector b = TSimd.Broadcast(B);
            for (; i <= end - TSimd.Width; i += TSimd.Width)
            {
                TSimd.Store(TSimd.MultiplyAdd(a, TSimd.Load(X + i), TSimd.Multiply(b, TSimd.Load(Y + i))), Y + i);
            }

            for (; i < end; i++)
            {
                Y[i] = SimdScalar.MultiplyAdd(A, X[i], B * Y[i]);
            }
        }
    }

    private struct SquareWork : IParallelWork
    {
        public float* X;
        public double* Partials;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            long i = (long)item * ItemValues;
            long end = Math.Min(Count, i + ItemValues);
            TVector lanes = TSimd.Zero;
            for (; i <= end - TSimd.Width; i += TSimd.Width)
            {
                TVector value = TSimd.Load(X + i);
                lanes = TSimd.MultiplyAdd(value, value, lanes);
            }

            float* parts = stackalloc float[TSimd.Width];
            TSimd.Store(lanes, parts);
            double sum = 0;
            for (int lane = 0; lane < TSimd.Width; lane++)
            {
                sum += parts[lane];
            }

            for (; i < end; i++)
            {
                sum += (double)X[i] * X[i];
            }

            Partials[item] = sum;
        }
    }
}
