using System.Diagnostics;
using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Benchmarks.Measuring;

/// <summary>
/// The multiply-add peak of this machine: a loop that touches registers only, on every thread at once. What a kernel reaches is told as a
/// share of it.
/// </summary>
internal static class PeakMeter
{
    private const int Rounds = 12;
    private const double RoundSeconds = 0.02;

    /// <summary>Measures.</summary>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="level">The vector width.</param>
    /// <returns>GFLOP/s of the best of a dozen short rounds; a multiply-add counts as two operations.</returns>
    public static double Measure(int threads, SimdLevel level) => SimdLevels.Run(level, new Meter(threads));

    private sealed class Meter(int threads) : ILevelWork<double>
    {
        public double Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            using var team = new ThreadTeam(threads);
            var work = new MultiplyAddWork<TSimd, TVector> { Repeats = 1000 };
            double seconds;
            while ((seconds = Time(team, ref work)) < RoundSeconds)
            {
                work.Repeats *= 2;
            }

            for (int round = 0; round < Rounds; round++)
            {
                seconds = Math.Min(seconds, Time(team, ref work));
            }

            return 2.0 * MultiplyAddWork<TSimd, TVector>.Chains * TSimd.Width * work.Repeats * team.Size / seconds / 1e9;
        }

        private static double Time<TSimd, TVector>(ThreadTeam team, ref MultiplyAddWork<TSimd, TVector> work)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            long start = Stopwatch.GetTimestamp();
            team.Run(ref work, team.Size);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    /// <summary>Independent chains of multiply-adds: enough of them to hide the latency, 4 cycles on two ports or 5 on one of the known cores.</summary>
    private unsafe struct MultiplyAddWork<TSimd, TVector> : IParallelWork
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        public const int Chains = 12;

        public long Repeats;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            // The chains tend to 2: neither overflow nor denormal numbers slow them down.
            TVector half = TSimd.Broadcast(0.5f);
            TVector one = TSimd.Broadcast(1);
            TVector a = one, b = one, c = one, d = one, e = one, f = one, g = one, h = one, i = one, j = one, k = one, l = one;
            for (long repeat = Repeats; repeat > 0; repeat--)
            {
                a = TSimd.MultiplyAdd(a, half, one);
                b = TSimd.MultiplyAdd(b, half, one);
                c = TSimd.MultiplyAdd(c, half, one);
                d = TSimd.MultiplyAdd(d, half, one);
                e = TSimd.MultiplyAdd(e, half, one);
                f = TSimd.MultiplyAdd(f, half, one);
                g = TSimd.MultiplyAdd(g, half, one);
                h = TSimd.MultiplyAdd(h, half, one);
                i = TSimd.MultiplyAdd(i, half, one);
                j = TSimd.MultiplyAdd(j, half, one);
                k = TSimd.MultiplyAdd(k, half, one);
                l = TSimd.MultiplyAdd(l, half, one);
            }

            TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, f), TSimd.Add(g, h)));
            sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(i, j), TSimd.Add(k, l)));
            float* sink = stackalloc float[16];
            TSimd.Store(sum, sink);
            Keep(sink[0]);
        }

        // Read by nobody, but the compiler cannot know that, so the loop above stays.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Keep(float value) => GC.KeepAlive(value == 0 ? "zero" : null);
    }
}
