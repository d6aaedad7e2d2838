using System.Globalization;
using MLClassify.Tests.Shared;

namespace MLClassify.Imaging.Tests.Golden;

/// <summary>The files that make_golden.py wrote, with what Pillow makes of them.</summary>
internal static class GoldenFiles
{
    public static IReadOnlyList<GoldenFile> All { get; } = File.ReadLines(Path("expected.csv")).Skip(1).Select(Parse).ToArray();

    public static string Path(string name) => System.IO.Path.Combine(SharedData.RepositoryRoot, "Tests", "Imaging.Tests", "Golden", name);

    public static byte[] Read(string name) => File.ReadAllBytes(Path(name));

    private static GoldenFile Parse(string line)
    {
        string[] cells = line.Split(',');
        int width = int.Parse(cells[1], CultureInfo.InvariantCulture);
        int height = int.Parse(cells[2], CultureInfo.InvariantCulture);
        return new GoldenFile(cells[0], width, height, cells[3]);
    }
}

internal sealed record GoldenFile(string Name, int Width, int Height, string Sha256);
