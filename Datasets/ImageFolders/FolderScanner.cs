namespace MLClassify.Datasets;

/// <summary>
/// Lists images below a folder, the same on any file system: names are sorted, hidden ones left out, and each real folder is
/// visited once, however symbolic links lead to it.
/// </summary>
internal sealed class FolderScanner(List<SkippedFile> ignored)
{
    /// <summary>The entries of a folder that are not hidden, sorted by name (ordinal).</summary>
    public FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            FileSystemInfo[] entries = [.. folder.EnumerateFileSystemInfos().Where(entry => !IsHidden(entry))];
            Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return entries;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ignored.Add(new SkippedFile(folder.FullName, $"the folder cannot be read: {error.Message}"));
            return [];
        }
    }

    /// <summary>All images below a folder; other files are noted as ignored.</summary>
    public ClassFolder Scan(DirectoryInfo folder)
    {
        var files = new List<(string Relative, string Path)>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<(DirectoryInfo Folder, string Relative)>();
        pending.Push((folder, ""));
        while (pending.TryPop(out (DirectoryInfo Folder, string Relative) current))
        {
            if (!IsFirstVisit(current.Folder, visited))
            {
                continue;
            }

            foreach (FileSystemInfo entry in Entries(current.Folder))
            {
                string relative = $"{current.Relative}/{entry.Name}";
                if (entry is DirectoryInfo child)
                {
                    pending.Push((child, relative));
                }
                else if (IsImage((FileInfo)entry))
                {
                    files.Add((relative, entry.FullName));
                }
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Relative, b.Relative));
        string[][] parts = [.. files.Select(file => file.Relative.Split('/', 3))];
        return new ClassFolder(
            folder.Name,
            [.. files.Select(file => file.Path)],
            [.. parts.Where(part => part.Length == 3).Select(part => part[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            parts.Any(part => part.Length == 2));
    }

    private static bool IsHidden(FileSystemInfo entry) =>
        entry.Name.StartsWith('.') || (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.Hidden));

    private bool IsFirstVisit(DirectoryInfo folder, HashSet<string> visited)
    {
        try
        {
            if (visited.Add(RealPath.Of(folder.FullName)))
            {
                return true;
            }

            ignored.Add(new SkippedFile(folder.FullName, "a symbolic link to a folder that is listed already"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ignored.Add(new SkippedFile(folder.FullName, $"the symbolic link cannot be followed: {error.Message}"));
        }

        return false;
    }

    private bool IsImage(FileInfo file)
    {
        string? reason = null;
        try
        {
            if (!ImageFileTypes.IsImage(file.Name))
            {
                reason = file.Extension.Length == 0 ? "not an image: no extension" : $"not an image: extension {file.Extension}";
            }
            else if (!Target(file).Exists)
            {
                reason = "a symbolic link to nothing";
            }
            else if (Target(file).Length == 0)
            {
                // Also pipes and devices, whose reading might never end.
                reason = "the file is empty";
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = $"the file cannot be read: {error.Message}";
        }

        if (reason is not null)
        {
            ignored.Add(new SkippedFile(file.FullName, reason));
        }

        return reason is null;
    }

    private static FileInfo Target(FileInfo file) =>
        file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
}
