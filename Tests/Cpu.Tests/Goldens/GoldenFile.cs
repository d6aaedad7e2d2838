using System.Globalization;

namespace MLClassify.Engines.Cpu.Tests;

/// <summary>Reads what <c>make_goldens.py</c> wrote.</summary>
internal static class GoldenFile
{
    public static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "Tests", "Cpu.Tests", "Goldens", name)).Select(line => line.Split(' '));

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
