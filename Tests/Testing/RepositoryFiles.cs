namespace MLClassify.Testing;

/// <summary>The repository's own files, without what builds and runs leave behind.</summary>
public static class RepositoryFiles
{
    // In a linked worktree .git is a file.
    private static readonly string[] Skipped = [".git", "bin", "obj", "runs", "artifacts", "TestResults", ".vs", ".idea"];

    /// <summary>Paths relative to the root, with forward slashes, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Walk("").Order(StringComparer.Ordinal)];

    /// <summary>The full path of a file.</summary>
    /// <param name="relative">Relative to the root.</param>
    public static string FullPath(string relative) => Path.Combine(SharedData.RepositoryRoot, relative);

    /// <summary>Text files: those without a zero byte at their beginning.</summary>
    public static IEnumerable<string> Text => All.Where(IsText);

    /// <summary>The files with an extension.</summary>
    /// <param name="extension">The extension, with its dot.</param>
    public static IEnumerable<string> WithExtension(string extension) => All.Where(file => file.EndsWith(extension, StringComparison.Ordinal));

    private static IEnumerable<string> Walk(string folder)
    {
        var directory = new DirectoryInfo(FullPath(folder));
        foreach (FileInfo file in directory.EnumerateFiles().Where(file => !Skipped.Contains(file.Name)))
        {
            yield return folder + file.Name;
        }

        foreach (DirectoryInfo child in directory.EnumerateDirectories().Where(child => !Skipped.Contains(child.Name)))
        {
            foreach (string file in Walk($"{folder}{child.Name}/"))
            {
                yield return file;
            }
        }
    }

    private static bool IsText(string file)
    {
        Span<byte> head = stackalloc byte[4096];
        using FileStream stream = File.OpenRead(FullPath(file));
        int count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return !head[..count].Contains((byte)0);
    }
}
