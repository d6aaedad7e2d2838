namespace MLClassify.Testing;

/// <summary>Finds the repository, and the measuring data that is not part of it: <c>$MLCLASSIFY_DATA</c>, or <c>../shared/data</c> beside its root.</summary>
public static class SharedData
{
    /// <summary>The folder of <c>MLClassify.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The data's folder, or null where it is absent.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why there is no data, or null.</summary>
    public static string? Problem => Folder is null ? "needs ../shared/data or $MLCLASSIFY_DATA" : null;

    /// <summary>The full path of a file of the data.</summary>
    /// <param name="parts">Folders and the file's name.</param>
    /// <exception cref="InvalidOperationException">The data is absent.</exception>
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
