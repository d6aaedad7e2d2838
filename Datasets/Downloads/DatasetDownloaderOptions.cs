using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>Where datasets' files are kept and come from.</summary>
public sealed record DatasetDownloaderOptions
{
    /// <summary>The environment variable with the address of a folder that holds the files as <c>DATASET/FILE</c>.</summary>
    public const string MirrorVariable = "MLCLASSIFY_DATA_MIRROR";

    /// <summary>
    /// Where files are kept, each in its dataset's folder. Default null: <c>datasets</c> in the folder that <c>MLCLASSIFY_HOME</c> names, or in
    /// <c>MLClassify</c> in the user's local application data.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>A folder's address to fetch <c>DATASET/FILE</c> from, instead of the official ones: https, or http on this machine. Default null.</summary>
    public Uri? Mirror { get; init; }

    /// <summary>Whether nothing is fetched: files must be in <see cref="Folder"/>. Default false.</summary>
    public bool IsOffline { get; init; }

    /// <summary>
    /// Whether files with another SHA-256 than the known one are taken, such as parts of a dataset on a mirror. What came is recorded all
    /// the same. Default false.
    /// </summary>
    public bool AcceptsOtherContent { get; init; }

    /// <summary>Whether files that were fetched are kept once the folder is complete; files that were there before always are. Default false.</summary>
    public bool KeepsFiles { get; init; }

    /// <summary>How downloads go: patience, an HTTP client, a logger, a clock.</summary>
    public DownloaderOptions Download { get; init; } = new();

    /// <summary>The options that environment variables give: <c>MLCLASSIFY_HOME</c>, <see cref="MirrorVariable"/>, <c>MLCLASSIFY_OFFLINE</c>.</summary>
    /// <param name="environment">Reads a variable; the process's own when null.</param>
    /// <exception cref="ArgumentException">The mirror is not an address.</exception>
    public static DatasetDownloaderOptions FromEnvironment(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        return new DatasetDownloaderOptions
        {
            Folder = string.IsNullOrWhiteSpace(environment(UserFolder.Variable)) ? null : DefaultFolder(environment),
            Mirror = FetchSettings.FindMirror(MirrorVariable, environment),
            IsOffline = FetchSettings.IsOffline(environment),
        };
    }

    /// <summary>Where files are kept where nothing else is said.</summary>
    internal static string DefaultFolder(Func<string, string?>? environment = null) => Path.Combine(UserFolder.Find(environment), "datasets");
}
