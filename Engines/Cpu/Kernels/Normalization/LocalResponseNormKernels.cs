using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Normalization;

/// <summary>The constants of a local response normalization, named as in the paper.</summary>
/// <param name="Size">Neighboring channels, n; odd.</param>
/// <param name="K">k.</param>
/// <param name="Alpha">alpha.</param>
/// <param name="Beta">beta.</param>
internal readonly record struct LocalResponseNormConstants(int Size, float K, float Alpha, float Beta);

/// <summary>
/// Local response normalization across channels (Krizhevsky et al. 2012, section 3.3): <c>y_c = x_c s_c^-beta</c> with
/// <c>s_c = k + alpha sum x_j²</c> over the channels around c. Its gradient is
/// <c>dx_c = dy_c s_c^-beta - 2 alpha beta x_c sum dy_j y_j / s_j</c> over the same channels.
/// </summary>
internal static unsafe class LocalResponseNormKernels
{
    private const int RowsPerItem = 16;

    /// <summary>Computes the output.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="constants">Constants.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output; not the input.</param>
    public static void Forward(ThreadTeam team, Workspace workspace, in LocalResponseNormConstants constants, int rows, int channels, MapPointer x, MapPointer y)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Reset();
        var work = new ForwardWork { Constants = constants, Rows = rows, Channels = channels, X = x, Y = y, Sums = workspace.Take<float>((long)channels * team.Size) };
        team.Run(ref work, (rows + RowsPerItem - 1) / RowsPerItem);
    }

    /// <summary>Computes the input's gradient.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="workspace">Scratch memory.</param>
    /// <param name="constants">Constants.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">The input's gradient.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Gradient(ThreadTeam team, Workspace workspace, in LocalResponseNormConstants constants, int rows, int channels, MapPointer x, MapPointer y, MapPointer dy, MapPointer dx, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.Reset();
        var work = new GradientWork
        {
            Constants = constants,
            Rows = rows,
            Channels = channels,
            X = x,
            Y = y,
            Dy = dy,
            Dx = dx,
            Accumulate = accumulate,
            Scratch = workspace.Take<float>(2L * channels * team.Size),
        };
        team.Run(ref work, (rows + RowsPerItem - 1) / RowsPerItem);
    }

    // s_c of one position. Each window is summed afresh: a running sum would carry rounding errors along the channels.
    private static void ScaleSums(in LocalResponseNormConstants constants, float* x, int channels, float* sums)
    {
        int reach = constants.Size / 2;
        for (int c = 0; c < channels; c++)
        {
            float sum = 0;
            int last = Math.Min(channels - 1, c + reach);
            for (int j = Math.Max(0, c - reach); j <= last; j++)
            {
                sum += x[j] * x[j];
            }

            sums[c] = constants.K + (constants.Alpha * sum);
        }
    }

    private static float InversePower(float value, float beta)
    {
        if (beta == 0.75f)
        {
            float root = MathF.Sqrt(value);
            return 1 / (root * MathF.Sqrt(root));
        }

        return MathF.Pow(value, -beta);
    }

    private struct ForwardWork : IParallelWork
    {
        public LocalResponseNormConstants Constants;
        public int Rows;
        public int Channels;
        public MapPointer X;
        public MapPointer Y;
        public float* Sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            float* sums = Sums + ((long)worker * Channels);
            int last = Math.Min(Rows, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < last; row++)
            {
                float* x = X.Data + ((long)row * X.Stride);
                float* y = Y.Data + ((long)row * Y.Stride);
                ScaleSums(Constants, x, Channels, sums);
                for (int c = 0; c < Channels; c++)
                {
                    y[c] = x[c] * InversePower(sums[c], Constants.Beta);
                }
            }
        }
    }

    private struct GradientWork : IParallelWork
    {
        public LocalResponseNormConstants Constants;
        public int Rows;
        public int Channels;
        public MapPointer X;
        public MapPointer Y;
        public MapPointer Dy;
        public MapPointer Dx;
        public bool Accumulate;
        public float* Scratch;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            float* sums = Scratch + (2L * worker * Channels);
            float* ratios = sums + Channels;
            int reach = Constants.Size / 2;
            int lastRow = Math.Min(Rows, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < lastRow; row++)
            {
                float* x = X.Data + ((long)row * X.Stride);
                float* y = Y.Data + ((long)row * Y.Stride);
                float* dy = Dy.Data + ((long)row * Dy.Stride);
                float* dx = Dx.Data + ((long)row * Dx.Stride);
                ScaleSums(Constants, x, Channels, sums);
                for (int c = 0; c < Channels; c++)
                {
                    ratios[c] = dy[c] * y[c] / sums[c];
                }

                for (int c = 0; c < Channels; c++)
                {
                    float neighbors = 0;
                    int last = Math.Min(Channels - 1, c + reach);
                    for (int j = Math.Max(0, c - reach); j <= last; j++)
                    {
                        neighbors += ratios[j];
                    }

                    float value = (dy[c] * InversePower(sums[c], Constants.Beta)) - (2 * Constants.Alpha * Constants.Beta * x[c] * neighbors);
                    dx[c] = Accumulate ? dx[c] + value : value;
                }
            }
        }
    }
}
