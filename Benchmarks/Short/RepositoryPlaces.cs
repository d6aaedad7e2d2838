namespace MLClassify.Benchmarks.Short;

/// <summary>Folders that the benchmarks read and write.</summary>
internal static class RepositoryPlaces
{
    private const string Solution = "MLClassify.sln";

    /// <summary>Where results go: ignored by the repository.</summary>
    public static string Artifacts { get; } = Path.Combine(Root() ?? ".", "artifacts", "benchmarks", "short");

    /// <summary>A file for results.</summary>
    /// <param name="name">Its name.</param>
    public static string Results(string name) => Path.Combine(Root() ?? ".", "artifacts", "benchmarks", name);

    /// <summary>The flowers; null where absent.</summary>
    public static string? Flowers() => Data("flower_photos.tar") is var archive && File.Exists(archive) ? archive : null;

    /// <summary>A file of the measuring data, which is no part of the repository: in <c>$MLCLASSIFY_DATA</c> or <c>../shared/data</c>.</summary>
    /// <param name="parts">Folders and the file's name.</param>
    public static string Data(params string[] parts)
    {
        string? folder = Environment.GetEnvironmentVariable("MLCLASSIFY_DATA");
        folder = string.IsNullOrEmpty(folder) ? Path.Combine(Root() ?? ".", "..", "shared", "data") : folder;
        return Path.Combine([folder, .. parts]);
    }

    private static string? Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, Solution)))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
