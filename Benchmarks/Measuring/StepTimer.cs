using System.Diagnostics;

namespace MLClassify.Benchmarks.Measuring;

/// <summary>What repeated steps took.</summary>
/// <param name="MedianSeconds">The median step.</param>
/// <param name="BestSeconds">The fastest step.</param>
/// <param name="ManagedBytesPerStep">Bytes allocated on the managed heap, by all threads, on average.</param>
internal readonly record struct StepTimes(double MedianSeconds, double BestSeconds, double ManagedBytesPerStep);

/// <summary>Times a step once it has settled.</summary>
internal static class StepTimer
{
    private const int FewestWarmUps = 2;
    private const int FewestSteps = 3;

    /// <summary>
    /// Runs a step until the runtime has compiled it for good (it recompiles in the background what was called 30 times, after 100 ms
    /// without anything new) and the scratch memory has grown, then measures.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="steps">Steps to measure, at least 1.</param>
    /// <param name="warmUpSeconds">The shortest warm-up; two steps at least.</param>
    public static StepTimes Run(Action step, int steps, double warmUpSeconds)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < FewestWarmUps || Stopwatch.GetElapsedTime(begin).TotalSeconds < warmUpSeconds; i++)
        {
            step();
        }

        double[] seconds = new double[steps];
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < steps; i++)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        Array.Sort(seconds);
        return new StepTimes(Median(seconds), seconds[0], (double)bytes / steps);
    }

    /// <summary>The median of a short step, measured for a while after as much as a quarter of it for warming up.</summary>
    /// <param name="step">The step.</param>
    /// <param name="seconds">How long; three steps at least.</param>
    public static double RunFor(Action step, double seconds)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < FewestWarmUps || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds / 4; i++)
        {
            step();
        }

        var times = new List<double>();
        begin = Stopwatch.GetTimestamp();
        while (times.Count < FewestSteps || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return Median(times);
    }

    private static double Median(IReadOnlyList<double> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
