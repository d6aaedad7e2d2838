using System.Globalization;

namespace MLClassify.Imaging.Tests.Golden;

/// <summary>The files that make_golden.py wrote, with what Pillow makes of them.</summary>
internal static class GoldenFiles
{
    private static readonly GoldenFolder Folder = new("Imaging.Tests/Golden");

    public static IReadOnlyList<GoldenFile> All { get; } = Folder.Lines("expected.csv").Skip(1).Select(Parse).ToArray();

    public static string Path(string name) => Folder[name];

    public static byte[] Read(string name) => Folder.Bytes(name);

    private static GoldenFile Parse(string line)
    {
        string[] cells = line.Split(',');
        int width = int.Parse(cells[1], CultureInfo.InvariantCulture);
        int height = int.Parse(cells[2], CultureInfo.InvariantCulture);
        return new GoldenFile(cells[0], width, height, cells[3]);
    }
}

internal sealed record GoldenFile(string Name, int Width, int Height, string Sha256);
