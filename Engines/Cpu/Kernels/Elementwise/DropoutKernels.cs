using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels.Elementwise;

/// <summary>Dropout whose mask follows from a seed and the value's place, so that the backward pass makes the same one again.</summary>
internal static unsafe class DropoutKernels
{
    private const int ItemValues = 8192;

    /// <summary><c>y = x * mask / (1 - probability)</c>, or added to what is there.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="probability">The share that is dropped, in [0, 1).</param>
    /// <param name="seed">Names the mask.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output; may be the input.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    public static void Apply(ThreadTeam team, int rows, int channels, float probability, ulong seed, MapPointer x, MapPointer y, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new Work
        {
            Rows = rows,
            Channels = channels,
            RowsPerItem = Math.Max(1, ItemValues / channels),
            Threshold = (uint)Math.Min(uint.MaxValue, Math.Round(probability * 4294967296.0)),
            Factor = 1 / (1 - probability),
            Seed = seed,
            X = x,
            Y = y,
            Accumulate = accumulate,
        };
        team.Run(ref work, (rows + work.RowsPerItem - 1) / work.RowsPerItem);
    }

    private struct Work : IParallelWork
    {
        public int Rows;
        public int Channels;
        public int RowsPerItem;
        public uint Threshold;
        public float Factor;
        public ulong Seed;
        public MapPointer X;
        public MapPointer Y;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            int last = Math.Min(Rows, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < last; row++)
            {
                float* x = X.Data + ((long)row * X.Stride);
                float* y = Y.Data + ((long)row * Y.Stride);
                ulong counter = Seed + ((ulong)row * (ulong)Channels * 0x9E3779B97F4A7C15);
                for (int c = 0; c < Channels; c++)
                {
                    counter += 0x9E3779B97F4A7C15;
                    float value = (uint)(Mix(counter) >> 32) < Threshold ? 0 : x[c] * Factor;
                    y[c] = Accumulate ? y[c] + value : value;
                }
            }
        }

        // SplitMix64's mixing function (Steele, Lea, Flood 2014).
        private static ulong Mix(ulong value)
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
