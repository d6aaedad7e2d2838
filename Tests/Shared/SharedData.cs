namespace MLClassify.Tests.Shared;

/// <summary>Finds the measuring data that is not part of the repository: <c>$MLCLASSIFY_DATA</c>, or <c>../shared/data</c> beside the project's root.</summary>
internal static class SharedData
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string? Folder { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder ?? throw new InvalidOperationException("shared data is absent"), .. parts]);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "MLClassify.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("MLClassify.sln not found above the test assembly");
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("MLCLASSIFY_DATA");
        string folder = string.IsNullOrEmpty(named) ? System.IO.Path.Combine(RepositoryRoot, "..", "shared", "data") : named;
        return Directory.Exists(folder) ? System.IO.Path.GetFullPath(folder) : null;
    }
}
