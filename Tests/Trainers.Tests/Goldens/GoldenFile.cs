using System.Globalization;

namespace MLClassify.Trainers.Tests;

/// <summary>Reads what <c>make_goldens.py</c> wrote.</summary>
internal static class GoldenFile
{
    public static IEnumerable<string[]> Rows(string name) =>
        new GoldenFolder("Trainers.Tests/Goldens").Lines(name).Select(line => line.Split(' '));

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
