namespace MLClassify.Benchmarks.Short;

/// <summary>Folders that the benchmarks read and write.</summary>
internal static class RepositoryPlaces
{
    private const string Solution = "MLClassify.sln";

    /// <summary>Where results go: ignored by the repository.</summary>
    public static string Artifacts { get; } = Path.Combine(Root() ?? ".", "artifacts", "benchmarks", "short");

    /// <summary>The flowers, which are no part of the repository: in <c>$MLCLASSIFY_DATA</c> or <c>../shared/data</c>; null where absent.</summary>
    public static string? Flowers()
    {
        string? folder = Environment.GetEnvironmentVariable("MLCLASSIFY_DATA");
        folder = string.IsNullOrEmpty(folder) ? Path.Combine(Root() ?? ".", "..", "shared", "data") : folder;
        string archive = Path.Combine(folder, "flower_photos.tar");
        return File.Exists(archive) ? archive : null;
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
