using System.Globalization;
using MLClassify.Common;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>The weights that a <c>package:</c> selection names.</summary>
internal static class PackageWeights
{
    /// <summary>The selection where nothing is named.</summary>
    public static WeightSelection Default(WeightsCacheOptions options) => WeightSelection.Package(options.NuGet.Packages[0].Id);

    /// <summary>The selection of the package that holds a network's weights; null where there is none, or published ones come first.</summary>
    public static WeightSelection? Of(WeightsCacheOptions options, string network) => options.NuGet.Packages.FirstOrDefault(p => p.Network == network) is { } package
        ? WeightSelection.Package(package.Id)
        : null;

    /// <summary>The network that a selection's package holds.</summary>
    /// <exception cref="ArgumentException">The package is not known.</exception>
    public static string NetworkOf(WeightsCacheOptions options, WeightSelection selection) => Parse(options, selection).Package.Network;

    /// <summary>Whether a selection's package is on this machine.</summary>
    /// <exception cref="ArgumentException">The package is not known.</exception>
    public static bool IsHere(WeightsCacheOptions options, WeightSelection selection) => Find(options, selection) is not null;

    /// <summary>Finds a selection's package on this machine.</summary>
    /// <exception cref="ArgumentException">The package is not known.</exception>
    public static PackageFiles? Find(WeightsCacheOptions options, WeightSelection selection)
    {
        (FeaturizerPackage package, string? version) = Parse(options, selection);
        return PackageFinder.Find(package, version, Settings(options));
    }

    /// <summary>Asks within seconds whether a package that is not here could be restored.</summary>
    /// <exception cref="IOException">It could not; the message says why.</exception>
    public static async Task ProbeAsync(WeightsCacheOptions options, CancellationToken cancellationToken)
    {
        if (Refusal(options) is { } reason)
        {
            throw new IOException(reason);
        }

        await PackageSources.ProbeAsync(Settings(options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds a package, and has it restored where it is not here.</summary>
    /// <exception cref="ArgumentException">The package is not known.</exception>
    /// <exception cref="IOException">It is not here and cannot be restored.</exception>
    public static async Task<(PackageFiles Files, bool IsNew)> EnsureAsync(
        WeightsCache cache, WeightSelection selection, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (Find(cache.Options, selection) is { } here)
        {
            return (here, false);
        }

        (FeaturizerPackage package, string? version) = Parse(cache.Options, selection);
        version ??= FeaturizerPackage.DefaultVersion;
        string name = $"{package.Id} {version}";
        string? reason = Refusal(cache.Options);
        if (reason is null)
        {
            string size = package.Megabytes is { } megabytes ? string.Create(CultureInfo.InvariantCulture, $", {megabytes} MB") : "";
            progress?.Report(new DownloadProgress($"{name} (NuGet{size})", DownloadPhase.Connecting, 0, null));
            try
            {
                await PackageRestore.RunAsync(package, version, cache.Folder, Settings(cache.Options), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"The package {name} is not here, and cannot be restored: {e.Message.TrimEnd('.')}.", e);
            }

            if (PackageFinder.Find(package, version, Settings(cache.Options)) is { } found)
            {
                return (found, true);
            }

            reason = "NuGet has restored it to another place, or it lacks its files";
        }

        string folders = string.Join(" and ", NuGetFolders.Find(Settings(cache.Options)));
        throw new IOException($"The package {name} is not here: {reason}. Looked for in {folders}, and beside the program.");
    }

    /// <summary>The weights of a package.</summary>
    /// <param name="cache">Where to look.</param>
    /// <param name="network">The network that they are wanted for.</param>
    /// <param name="selection">The package.</param>
    /// <param name="progress">Receives that NuGet is at work, or null.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">The package is not known, or holds another network.</exception>
    /// <exception cref="InvalidWeightsException">The model beside the weights that says how images are prepared is damaged.</exception>
    /// <exception cref="IOException">The package is not here and cannot be restored.</exception>
    public static async Task<InitialWeights> ResolveAsync(
        WeightsCache cache, string network, WeightSelection selection, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        (FeaturizerPackage package, _) = Parse(cache.Options, selection);
        if (package.Network != network)
        {
            throw new ArgumentException($"{package.Id} holds weights of {package.Network}, not of {network}; the network need not be named.");
        }

        (PackageFiles files, bool isNew) = await EnsureAsync(cache, selection, progress, cancellationToken).ConfigureAwait(false);
        return new InitialWeights
        {
            Selection = WeightSelection.Package(package.Id, files.Version),
            Description = files.Version is null ? $"{package.Id}, beside the program"
                : isNew && package.Megabytes is { } megabytes ? string.Create(CultureInfo.InvariantCulture, $"{package.Id} {files.Version}, {megabytes} MB restored by NuGet")
                : isNew ? $"{package.Id} {files.Version}, restored by NuGet"
                : $"{package.Id} {files.Version}",
            File = files.Model,
            Input = PreparationReader.Read(files.Preparation),
            Open = () => FeaturizerWeights.Open(files),
        };
    }

    private static (FeaturizerPackage Package, string? Version) Parse(WeightsCacheOptions options, WeightSelection selection)
    {
        string[] parts = selection.Value!.Split('/');
        return (options.NuGet.Get(parts[0]), parts.Length > 1 ? parts[1] : null);
    }

    private static NuGetSettings Settings(WeightsCacheOptions options) =>
        options.PackageFolder is null ? options.NuGet : options.NuGet with { PackageFolder = options.PackageFolder };

    private static string? Refusal(WeightsCacheOptions options) =>
        options.IsOffline ? $"nothing is fetched, because downloads are disabled by {nameof(WeightsCacheOptions)}.{nameof(WeightsCacheOptions.IsOffline)} or {WeightsCacheOptions.OfflineVariable} says so"
        : options.PackageFolder is not null ? $"nothing is restored, because {nameof(WeightsCacheOptions)}.{nameof(WeightsCacheOptions.PackageFolder)} or {WeightsCacheOptions.PackageFolderVariable} names the folder"
        : null;
}
