using MLClassify.Common;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Where pretrained weights are kept and come from.</summary>
public sealed record WeightsCacheOptions
{
    /// <summary>The environment variable with the address of a folder that holds the published files under their own names.</summary>
    public const string MirrorVariable = "MLCLASSIFY_MIRROR";

    /// <summary>The environment variable that, set to anything but <c>0</c> or <c>false</c>, forbids the network.</summary>
    public const string OfflineVariable = FetchSettings.OfflineVariable;

    /// <summary>The environment variable with the folder of NuGet packages to look in instead of the user's own.</summary>
    public const string PackageFolderVariable = "MLCLASSIFY_PACKAGES";

    /// <summary>
    /// The folder of the files. Default null: <c>weights</c> in the folder that <c>MLCLASSIFY_HOME</c> names, or in
    /// <c>MLClassify</c> in the user's local application data.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>A folder's address to fetch from instead of torchvision's server: https, or http on this machine. Default null.</summary>
    public Uri? Mirror { get; init; }

    /// <summary>Whether nothing is fetched. Default false.</summary>
    public bool IsOffline { get; init; }

    /// <summary>
    /// The folder of NuGet packages to look in, from which alone packages are taken. Default null: the user's own, into which NuGet restores
    /// a package that is not there.
    /// </summary>
    public string? PackageFolder { get; init; }

    /// <summary>The longest wait for a first answer where there is another choice than to fetch. Default 3 s; above 0.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How downloads go: patience, an HTTP client, a logger, a clock.</summary>
    public DownloaderOptions Download { get; init; } = new();

    /// <summary>What is published. Default torchvision's files.</summary>
    public PublishedWeightsTable Table { get; init; } = PublishedWeightsTable.Default;

    /// <summary>The network inside the library, if any.</summary>
    public EmbeddedBackbone? Embedded { get; init; } = EmbeddedBackbone.Current;

    /// <summary>The user's NuGet.</summary>
    internal NuGetSettings NuGet { get; init; } = new();

    /// <summary>
    /// The options that environment variables give: <c>MLCLASSIFY_HOME</c>, <see cref="MirrorVariable"/>, <see cref="OfflineVariable"/>,
    /// <see cref="PackageFolderVariable"/>.
    /// </summary>
    /// <param name="environment">Reads a variable; the process's own when null.</param>
    /// <exception cref="ArgumentException">The mirror is not an address.</exception>
    public static WeightsCacheOptions FromEnvironment(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        return new WeightsCacheOptions
        {
            Folder = string.IsNullOrWhiteSpace(environment(UserFolder.Variable)) ? null : DefaultFolder(environment),
            Mirror = FetchSettings.FindMirror(MirrorVariable, environment),
            IsOffline = FetchSettings.IsOffline(environment),
            PackageFolder = string.IsNullOrWhiteSpace(environment(PackageFolderVariable)) ? null : environment(PackageFolderVariable),
        };
    }

    /// <summary>The folder of the files where none is given.</summary>
    internal static string DefaultFolder(Func<string, string?>? environment = null) => Path.Combine(UserFolder.Find(environment), "weights");
}
