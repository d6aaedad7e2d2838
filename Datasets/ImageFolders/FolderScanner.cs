namespace MLClassify.Datasets;

/// <summary>
/// Lists images below a folder, the same on any file system: names are sorted, hidden ones left out, and each real folder is
/// visited once, however symbolic links lead to it.
/// </summary>
internal sealed class FolderScanner(List<SkippedFile> ignored, List<string> warnings)
{
    // What systems and devices make beside a user's folders, each with images in it that are no examples.
    private static readonly string[] SystemNames = ["__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found", "Thumbs", "thumbnails"];
    private static readonly string[] UnnamedFolders = ["New folder", "untitled folder", "Neuer Ordner", "Nouveau dossier"];

    /// <summary>The entries of a folder that are not hidden, sorted by name (ordinal).</summary>
    public FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            FileSystemInfo[] entries = [.. folder.EnumerateFileSystemInfos().Where(entry => !IsHidden(entry) && !IsLeftOut(entry))];
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

    // "New folder (2)" is one more of the same.
    private bool IsLeftOut(FileSystemInfo entry)
    {
        if (entry is not DirectoryInfo)
        {
            return false;
        }

        bool IsAnother(string name) => entry.Name.StartsWith(name + " (", StringComparison.OrdinalIgnoreCase) && entry.Name.EndsWith(')');
        string? reason = SystemNames.Contains(entry.Name, StringComparer.OrdinalIgnoreCase) ? "a folder that systems make for themselves"
            : UnnamedFolders.Any(name => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || IsAnother(name)) ? "a folder that was never given a name"
            : null;
        if (reason is null)
        {
            return false;
        }

        ignored.Add(new SkippedFile(entry.FullName, reason));
        warnings.Add($"{entry.FullName} is left out: {reason}. Where it is a class, give it another name.");
        return true;
    }

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
