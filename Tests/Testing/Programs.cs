namespace MLClassify.Testing;

/// <summary>The programs of the system.</summary>
public static class Programs
{
    /// <summary>Finds the first of some programs that is on the PATH.</summary>
    /// <param name="names">The programs' names, the preferred one first.</param>
    /// <returns>Its full path, or null.</returns>
    public static string? Find(params string[] names)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
