namespace MLClassify;

/// <summary>Paths in a project's file: relative to its folder where that is possible, with forward slashes.</summary>
internal static class ProjectPath
{
    /// <summary>How a path is written.</summary>
    /// <param name="path">The path, relative to the current folder or full.</param>
    /// <param name="folder">The project's folder, full.</param>
    /// <returns>A relative path where both have a folder in common beside the root, else the full path.</returns>
    public static string Write(string path, string folder)
    {
        string full = Path.GetFullPath(path);
        string relative = Path.GetRelativePath(folder, full);
        string root = Path.GetPathRoot(full) ?? "";
        bool isRelated = !Path.IsPathRooted(relative) && First(full, root) is { Length: > 0 } first && first == First(folder, root);
        return (isRelated ? relative : full).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The full path of what is written.</summary>
    public static string Read(string text, string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(text, folder));

    private static string First(string path, string root) =>
        path[Math.Min(root.Length, path.Length)..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], 2)[0];
}
