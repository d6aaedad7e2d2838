using System.Globalization;

namespace MLClassify.Benchmarks.Measuring;

/// <summary>The most physical memory that this process has held, as Linux counts it.</summary>
internal static class ProcessMemory
{
    private const string StatusFile = "/proc/self/status";
    private const string ResetFile = "/proc/self/clear_refs";

    /// <summary>The peak (VmHWM) in MiB, or null where the system does not tell.</summary>
    public static double? PeakMiB()
    {
        if (!File.Exists(StatusFile))
        {
            return null;
        }

        string? line = File.ReadLines(StatusFile).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        string? kilobytes = line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
        return kilobytes is null ? null : long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Lets the peak begin anew at what is held now, where the system can (proc(5), clear_refs, value 5).</summary>
    public static void ResetPeak()
    {
        try
        {
            if (File.Exists(ResetFile))
            {
                File.WriteAllText(ResetFile, "5");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak then includes what ran before; one network a process does without.
        }
    }
}
