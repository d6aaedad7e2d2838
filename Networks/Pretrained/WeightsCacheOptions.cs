using MLClassify.Files;

namespace MLClassify.Networks.Pretrained;

/// <summary>Where pretrained weights are kept and come from.</summary>
public sealed record WeightsCacheOptions
{
    /// <summary>The environment variable with the address of a folder that holds the published files under their own names.</summary>
    public const string MirrorVariable = "MLCLASSIFY_MIRROR";

    /// <summary>The environment variable that, set to anything but <c>0</c> or <c>false</c>, forbids the network.</summary>
    public const string OfflineVariable = "MLCLASSIFY_OFFLINE";

    /// <summary>The folder of the files. Default null: <c>weights</c> in <see cref="UserFolder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>A folder's address to fetch from instead of torchvision's server: https, or http on this machine. Default null.</summary>
    public Uri? Mirror { get; init; }

    /// <summary>Whether nothing is fetched. Default false.</summary>
    public bool IsOffline { get; init; }

    /// <summary>The longest wait for a first answer where there is another choice than to fetch. Default 3 s; above 0.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How patient downloads are.</summary>
    public DownloaderOptions Download { get; init; } = new();

    /// <summary>What is published. Default torchvision's files.</summary>
    public PublishedWeightsTable Table { get; init; } = PublishedWeightsTable.Default;

    /// <summary>The network inside the library, if any.</summary>
    public EmbeddedBackbone? Embedded { get; init; } = EmbeddedBackbone.Current;

    /// <summary>
    /// The options that environment variables give: <c>MLCLASSIFY_HOME</c>, <see cref="MirrorVariable"/>, <see cref="OfflineVariable"/>.
    /// </summary>
    /// <param name="environment">Reads a variable; the process's own when null.</param>
    /// <exception cref="ArgumentException">The mirror is not an address.</exception>
    public static WeightsCacheOptions FromEnvironment(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string? offline = environment(OfflineVariable)?.Trim();
        string? mirror = environment(MirrorVariable);
        return new WeightsCacheOptions
        {
            Folder = string.IsNullOrWhiteSpace(environment(UserFolder.Variable)) ? null : DefaultFolder(environment),
            Mirror = string.IsNullOrWhiteSpace(mirror) ? null : ParseMirror(mirror, MirrorVariable),
            IsOffline = !string.IsNullOrEmpty(offline) && offline != "0" && !offline.Equals("false", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Reads a mirror's address.</summary>
    /// <param name="text">The address of a folder, with or without a slash at its end.</param>
    /// <param name="source">Where it was given, for the message.</param>
    /// <exception cref="ArgumentException">It is none, or neither https nor on this machine.</exception>
    public static Uri ParseMirror(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        bool isAddress = Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? mirror);
        return isAddress && (mirror!.Scheme == Uri.UriSchemeHttps || (mirror.Scheme == Uri.UriSchemeHttp && mirror.IsLoopback))
            ? mirror
            : throw new ArgumentException($"{source} is '{text}'; it must be an https address, or an http address on this machine.");
    }

    /// <summary>The folder of the files where none is given.</summary>
    internal static string DefaultFolder(Func<string, string?>? environment = null) => Path.Combine(UserFolder.Find(environment), "weights");
}
