namespace MLClassify.Reports;

/// <summary>
/// Shows files from the images' folder on: a report may be passed on and should not reveal its author's folders. Only the text
/// of a path is looked at.
/// </summary>
internal sealed class ReportPaths
{
    private const int ShownSegments = 3;

    private readonly string[] _roots;

    /// <param name="dataFolder">The images' folder, if it is known.</param>
    /// <param name="files">The images, whose common folder is used where they lie elsewhere.</param>
    public ReportPaths(string? dataFolder, IEnumerable<string> files)
    {
        string? common = CommonFolder(files.Select(Normalize));
        string? given = string.IsNullOrEmpty(dataFolder) ? null : Normalize(dataFolder).TrimEnd('/') + "/";
        _roots = [.. new[] { given, common }.OfType<string>().Where(root => root.Length > 1)];
    }

    /// <summary>The path from the folder on; of a file elsewhere, the end of it.</summary>
    public string Show(string path)
    {
        string normal = Normalize(path);
        foreach (string root in _roots)
        {
            if (normal.Length > root.Length && normal.StartsWith(root, StringComparison.Ordinal))
            {
                return normal[root.Length..];
            }
        }

        string[] segments = normal.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool isAbsolute = normal.StartsWith('/') || (normal.Length > 1 && normal[1] == ':');
        return isAbsolute && segments.Length > ShownSegments ? "…/" + string.Join('/', segments[^ShownSegments..]) : normal;
    }

    private static string Normalize(string path) => Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;

    private static string? CommonFolder(IEnumerable<string> files)
    {
        string? common = null;
        foreach (string file in files)
        {
            string folder = file[..(file.LastIndexOf('/') + 1)];
            if (common is null)
            {
                common = folder;
                continue;
            }

            int length = common.AsSpan().CommonPrefixLength(folder);
            common = common[..(common.AsSpan(0, length).LastIndexOf('/') + 1)];
        }

        return common;
    }
}
