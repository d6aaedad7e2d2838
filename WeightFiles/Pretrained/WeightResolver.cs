using MLClassify.Common;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>Finds the weights that a selection names; fetches them where they are published and not here.</summary>
/// <param name="cache">Where weights are kept.</param>
public sealed class WeightResolver(WeightsCache cache)
{
    /// <summary>Where weights are kept.</summary>
    public WeightsCache Cache { get; } = cache;

    /// <summary>A resolver with the cache that the environment describes; see <see cref="WeightsCacheOptions.FromEnvironment"/>.</summary>
    /// <exception cref="ArgumentException">An environment variable is not valid.</exception>
    public static WeightResolver FromEnvironment() => new(new WeightsCache());

    /// <summary>
    /// Finds weights. <c>pretrained</c> is the network's published default; where that is not here and one file was imported for the
    /// network, it is that.
    /// </summary>
    /// <param name="network">The network's name in the registry.</param>
    /// <param name="selection">What <see cref="WeightSelection"/> reads; null for none.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The weights; null for none.</returns>
    /// <exception cref="ArgumentException">The selection is not valid, or names weights that the network does not have.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    public async Task<InitialWeights?> ResolveAsync(
        string network, string? selection, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string name = NetworkRegistry.Default.Get(network).Name;
        WeightSelection wanted = WeightSelection.Parse(selection);
        return wanted.Kind switch
        {
            WeightKind.None => null,
            WeightKind.File => InitialWeights.FromFile(wanted.Value!),
            WeightKind.Embedded => Embedded(name),
            _ => Find(name, wanted.Value) switch
            {
                PublishedWeights published => await EnsureAsync(published, progress, cancellationToken).ConfigureAwait(false),
                string path => Imported(path),
                _ => throw NoWeights(name, wanted.Value),
            },
        };
    }

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
                $"Several files were imported for {network}; say which: {string.Join(", ", imported.Select(i => $"{WeightSelection.Pretrained}:{HashOf(i)}"))}.");
    }

    private async Task<InitialWeights> EnsureAsync(PublishedWeights weights, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        DownloadResult result = await Cache.EnsureAsync(weights, force: false, progress, cancellationToken).ConfigureAwait(false);
        return new InitialWeights
        {
            Selection = $"{WeightSelection.Pretrained}:{weights.Sha256}",
            Description = weights.FileName,
            File = result.Path,
            ResizeSize = weights.ResizeSize,
            Open = () => WeightFile.Open(result.Path),
        };
    }

    private static InitialWeights Imported(string path) => InitialWeights.FromFile(path) with { Selection = $"{WeightSelection.Pretrained}:{HashOf(path)}" };

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

    private ArgumentException NoWeights(string network, string? which)
    {
        IReadOnlyList<PublishedWeights> published = Cache.Options.Table.Of(network);
        string advice = $"give a file, or import one into the cache for {network}";
        if (which is null)
        {
            string reason = Cache.Options.Table.Unpublished.TryGetValue(network, out string? why) ? $" ({why})" : "";
            return new ArgumentException($"No weights are published for {network}{reason}; {advice}.");
        }

        string known = string.Join(", ", published.Select(p => $"{p.Variant} ({p.Sha256})").Concat(Cache.Imported(network).Select(HashOf)));
        return new ArgumentException($"{network} has no weights '{which}'; known: {(known.Length > 0 ? known : "none")}; {advice}.");
    }
}
