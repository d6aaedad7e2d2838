using System.Globalization;

namespace MLClassify.Reports;

/// <summary>Short names for files and folders, each different from the others'.</summary>
internal static class DistinctNames
{
    private const int MostParts = 4;

    /// <summary>
    /// The last parts of each path, as few as tell them apart, joined by a dash; a number where that does not help. Fit for the names of
    /// files, also where upper and lower case are the same.
    /// </summary>
    /// <param name="paths">Paths of files (whose extension is left out) or folders.</param>
    public static string[] Of(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] names = [.. paths.Select(path => Join(path, 1))];
        for (int parts = 2; parts <= MostParts; parts++)
        {
            var repeated = Repeated(names);
            for (int i = 0; i < names.Length; i++)
            {
                if (repeated.Contains(names[i]))
                {
                    names[i] = Join(paths[i], parts);
                }
            }
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            for (int number = 2; !taken.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{names[i]}-{number}");
            }

            names[i] = name;
        }

        return names;
    }

    private static HashSet<string> Repeated(string[] names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // Every run has a folder of that name, which tells nothing apart.
    private static string Join(string path, int parts)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string[] segments = [.. full.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar, ':'], StringSplitOptions.RemoveEmptyEntries).Where(s => s != "weights")];
        if (segments.Length == 0)
        {
            return "root";
        }

        string extension = Path.GetExtension(segments[^1]);
        if (extension is ".safetensors" or ".onnx" or ".pth" or ".pt")
        {
            segments[^1] = Path.GetFileNameWithoutExtension(segments[^1]);
        }

        return string.Join('-', segments[^Math.Min(parts, segments.Length)..]);
    }
}
