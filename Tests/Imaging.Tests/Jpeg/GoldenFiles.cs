using System.Globalization;

namespace MLClassify.Imaging.Tests.Jpeg;

/// <summary>The small images that <c>Golden/make_golden.py</c> made, and what Pillow decodes from them.</summary>
internal static class GoldenFiles
{
    private static readonly GoldenFolder Folder = new("Imaging.Tests/Jpeg/Golden");

    public static IEnumerable<string> Names =>
        Directory.GetFiles(Folder.Root, "*.jpg").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public static byte[] Encoded(string name) => Folder.Bytes(name + ".jpg");

    public static Image Expected(string name)
    {
        string[] sides = name[(name.LastIndexOf('_') + 1)..].Split('x');
        return new Image(
            int.Parse(sides[0], CultureInfo.InvariantCulture), int.Parse(sides[1], CultureInfo.InvariantCulture),
            Folder.Bytes(name + ".rgb"));
    }
}
