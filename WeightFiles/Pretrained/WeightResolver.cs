using MLClassify.Common;
using MLClassify.Networks;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Finds the weights that a selection names; fetches them where they are published and not here.</summary>
/// <param name="cache">Where weights are kept.</param>
public sealed class WeightResolver(WeightsCache cache)
{
    /// <summary>Where weights are kept.</summary>
    public WeightsCache Cache { get; } = cache;

    /// <summary>
    /// Whether <see cref="DefaultBackbone.ChooseAsync(WeightResolver, string?, WeightSelection?, IProgress{DownloadProgress}?, CancellationToken)"/>
    /// may choose a NuGet package's weights where nothing is named. They expect a preprocessing of their own, which <c>FineTuneTrainer</c>
    /// applies; who uses the weights otherwise must, too. Default false.
    /// </summary>
    public bool AllowsPackages { get; init; }

    /// <summary>A resolver with the cache that the environment describes; see <see cref="WeightsCacheOptions.FromEnvironment"/>.</summary>
    /// <exception cref="ArgumentException">An environment variable is not valid.</exception>
    public static WeightResolver FromEnvironment() => new(new WeightsCache());

    /// <summary>
    /// Finds weights. <c>pretrained</c> is the network's published default; where that is not here and one file was imported for the
    /// network, it is that.
    /// </summary>
    /// <param name="network">The network's name in the registry.</param>
    /// <param name="selection">Which; <see cref="WeightSelection.Auto"/> is as <see cref="WeightSelection.Pretrained"/>.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The weights; null for none.</returns>
    /// <exception cref="ArgumentException">The selection is not valid.</exception>
    /// <exception cref="UnknownWeightsException">It names weights that the network does not have.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="IOException">A package is not here and cannot be restored.</exception>
    public async Task<InitialWeights?> ResolveAsync(
        string network, WeightSelection selection, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        string name = NetworkRegistry.Default.Get(network).Name;
        return selection.Kind switch
        {
            WeightKind.None => null,
            WeightKind.File => FromFile(selection.Value!),
            WeightKind.Embedded => Embedded(name),
            WeightKind.Package => await PackageWeights.ResolveAsync(Cache, name, selection, progress, cancellationToken).ConfigureAwait(false),
            _ => Find(name, selection.Value) switch
            {
                PublishedWeights published => await EnsureAsync(published, progress, cancellationToken).ConfigureAwait(false),
                string path => Imported(path),
                _ => throw NoWeights(name, selection.Value),
            },
        };
    }

    /// <exception cref="FileNotFoundException">There is no such file; the message names the word that it may have been meant to be.</exception>
    internal static InitialWeights FromFile(string path) => File.Exists(path)
        ? InitialWeights.FromFile(path)
        : throw new FileNotFoundException(
            NearestName.Find(path, WeightSelection.Words) is { } nearest
                ? $"There is no weight file '{path}'; perhaps {nearest}. Weights are {WeightSelection.Choices}."
                : $"There is no weight file '{path}'. Weights are {WeightSelection.Choices}.",
            path);

    /// <summary>What a <c>pretrained</c> selection means: a <see cref="PublishedWeights"/>, an imported file's path, or null.</summary>
    private object? Find(string network, string? which)
    {
        IReadOnlyList<PublishedWeights> published = Cache.Options.Table.Of(network);
        IReadOnlyList<string> imported = Cache.Imported(network);
        if (which is not null)
        {
            bool IsMeant(string hash) => Sha256.IsPrefix(which) && Sha256.Matches(which, hash);
            return (object?)published.FirstOrDefault(p => p.Variant.Equals(which, StringComparison.OrdinalIgnoreCase) || IsMeant(p.Sha256))
                ?? imported.FirstOrDefault(path => IsMeant(HashOf(path)));
        }

        PublishedWeights? usual = published.Count > 0 ? published[0] : null;
        if ((usual is not null && Cache.Contains(usual)) || imported.Count == 0)
        {
            return usual;
        }

        return imported.Count == 1
            ? imported[0]
            : throw new ArgumentException(
                $"Several files were imported for {network}; say which: {string.Join(", ", imported.Select(i => WeightSelection.Version(HashOf(i))))}.");
    }

    private async Task<InitialWeights> EnsureAsync(PublishedWeights weights, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        DownloadResult result = await Cache.EnsureAsync(weights, force: false, progress, cancellationToken).ConfigureAwait(false);
        return new InitialWeights
        {
            Selection = WeightSelection.Version(weights.Sha256),
            Description = weights.FileName,
            File = result.Path,
            ResizeSize = weights.ResizeSize,
            Open = () => WeightFile.Open(result.Path),
        };
    }

    private static InitialWeights Imported(string path) => InitialWeights.FromFile(path) with { Selection = WeightSelection.Version(HashOf(path)) };

    private static string HashOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        return name[(name.LastIndexOf('-') + 1)..];
    }

    private InitialWeights Embedded(string network)
    {
        if (Cache.Options.Embedded is not { } embedded)
        {
            throw new ArgumentException("There is no embedded network in this build.");
        }

        return embedded.Network == network
            ? new InitialWeights
            {
                Selection = WeightSelection.Embedded,
                Description = "the embedded weights",
                Origin = embedded.Origin,
                Open = embedded.Open,
            }
            : throw new ArgumentException($"The embedded weights are those of {embedded.Network}, not of {network}.");
    }

    private UnknownWeightsException NoWeights(string network, string? which)
    {
        IReadOnlyList<PublishedWeights> published = Cache.Options.Table.Of(network);
        string advice = $"give a file, or import one into the cache for {network}";
        if (which is null)
        {
            string reason = Cache.Options.Table.Unpublished.TryGetValue(network, out string? why) ? $" ({why})" : "";
            return new UnknownWeightsException($"No weights are published for {network}{reason}; {advice}.");
        }

        string known = string.Join(", ", published.Select(p => $"{p.Variant} ({p.Sha256})").Concat(Cache.Imported(network).Select(HashOf)));
        return new UnknownWeightsException($"{network} has no weights '{which}'; known: {(known.Length > 0 ? known : "none")}; {advice}.");
    }
}
