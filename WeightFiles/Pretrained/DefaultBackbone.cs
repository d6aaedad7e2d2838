using MLClassify.Common;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>What training starts from.</summary>
/// <param name="Network">The network's name in the registry.</param>
/// <param name="Weights">Its initial weights; null for random initialization.</param>
/// <param name="Reason">Why it is this one, in one line; null where both were named.</param>
public sealed record ResolvedBackbone(string Network, InitialWeights? Weights, string? Reason);

/// <summary>What training would start from.</summary>
/// <param name="Network">The network's name in the registry.</param>
/// <param name="Weights">Its initial weights.</param>
/// <param name="Problem">Why it is not <see cref="DefaultBackbone.Preferred"/> with its published weights, where nothing was named; else null.</param>
public sealed record BackbonePreview(string Network, WeightSelection Weights, string? Problem);

/// <summary>
/// Decides what training starts from, where network or weights are left open. Nothing is initialized at random that was not asked for:
/// <list type="bullet">
/// <item>neither named: ResNet-50 with its published weights where these are here or can be fetched; else the NuGet package
/// <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> where it is here or the user's NuGet can restore it; else the embedded network;</item>
/// <item>a network alone: its published weights, or the embedded ones, or a package's, where they are its own;</item>
/// <item>weights alone: the network that they are of, which a file's names and shapes tell.</item>
/// </list>
/// </summary>
public static class DefaultBackbone
{
    /// <summary>The network whose published weights are preferred.</summary>
    public const string Preferred = "resnet50";

    /// <summary>Decides without fetching anything; only asks whether the server answers within seconds.</summary>
    /// <param name="cache">Where weights may be already.</param>
    /// <param name="network">The network's name in the registry; null where the weights decide.</param>
    /// <param name="weights">The weights; null for <see cref="WeightSelection.Auto"/>.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">There is no such network, or no weights of it are known.</exception>
    /// <exception cref="InvalidWeightsException">The weights' file is damaged, or of no known network.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static async Task<BackbonePreview> PreviewAsync(
        WeightsCache cache, string? network = null, WeightSelection? weights = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        weights ??= WeightSelection.Auto;
        if (network is not null)
        {
            string name = NetworkRegistry.Default.Get(network).Name;
            return new BackbonePreview(name, weights.Kind == WeightKind.Auto ? KnownWeightsOf(name, cache) : weights, null);
        }

        return weights.Kind switch
        {
            WeightKind.Auto => await PreviewDefaultAsync(cache, withPackages: true, cancellationToken).ConfigureAwait(false),
            WeightKind.Package => new BackbonePreview(PackageWeights.NetworkOf(cache.Options, weights), weights, null),
            WeightKind.Embedded => new BackbonePreview(cache.Options.Embedded?.Network ?? throw NoEmbedded(), weights, null),
            WeightKind.File => new BackbonePreview(NetworkOf(weights.Value!), weights, null),
            _ => new BackbonePreview(Preferred, weights, null),
        };
    }

    /// <summary>Decides; weights that are not here are fetched, unless nothing was named and the server does not answer within seconds.</summary>
    /// <param name="resolver">Finds weights.</param>
    /// <param name="network">The network's name in the registry; null where the weights decide.</param>
    /// <param name="weights">The weights; null for <see cref="WeightSelection.Auto"/>.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">There is no such network, or no weights of it are known.</exception>
    /// <exception cref="InvalidWeightsException">The weights' file is damaged, or of no known network.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights that were named are not here and cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static Task<ResolvedBackbone> ChooseAsync(
        WeightResolver resolver,
        string? network = null,
        WeightSelection? weights = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ChooseAsync(resolver, network, weights, resolver?.AllowsPackages ?? false, progress, cancellationToken);

    /// <summary>Decides, as above.</summary>
    /// <param name="resolver">Finds weights.</param>
    /// <param name="network">The network's name in the registry; null where the weights decide.</param>
    /// <param name="weights">The weights; null for <see cref="WeightSelection.Auto"/>.</param>
    /// <param name="withPackages">
    /// Whether a package may be chosen where nothing is named: only a caller that applies <see cref="InitialWeights.Input"/> says so.
    /// </param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    internal static async Task<ResolvedBackbone> ChooseAsync(
        WeightResolver resolver, string? network, WeightSelection? weights, bool withPackages, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        weights ??= WeightSelection.Auto;
        if (network is not null || weights.Kind != WeightKind.Auto)
        {
            BackbonePreview named = await PreviewAsync(resolver.Cache, network, weights, cancellationToken).ConfigureAwait(false);
            InitialWeights? its = await resolver.ResolveAsync(named.Network, named.Weights, progress, cancellationToken).ConfigureAwait(false);
            return new ResolvedBackbone(named.Network, its, ReasonOf(named, network, weights, its));
        }

        // What cannot be had after all leaves the next: published weights, a package, the embedded network.
        BackbonePreview choice = await PreviewDefaultAsync(resolver.Cache, withPackages, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                InitialWeights? found = await resolver.ResolveAsync(choice.Network, choice.Weights, progress, cancellationToken).ConfigureAwait(false);
                return new ResolvedBackbone(choice.Network, found, ReasonOf(choice, network, weights, found));
            }
            catch (Exception e) when (choice.Weights.Kind != WeightKind.Embedded && IsUnavailable(e))
            {
                choice = choice.Weights.Kind == WeightKind.Package
                    ? Embedded(resolver.Cache, $"{choice.Problem}; {Plain(e)}")
                    : await WithoutPreferredAsync(resolver.Cache, e, withPackages, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static string? ReasonOf(BackbonePreview choice, string? network, WeightSelection weights, InitialWeights? found)
    {
        if (choice.Problem is not null)
        {
            string what = choice.Weights.Kind == WeightKind.Embedded ? $"the embedded {choice.Network}" : $"pretrained {choice.Network} ({found?.Description})";
            return $"{what}; {choice.Problem}";
        }

        return (network, weights.Kind) switch
        {
            (null, WeightKind.File) => $"{choice.Network}, by the names and shapes in {found?.Description}",
            (null, WeightKind.None) => $"{choice.Network} from random initialization",
            (null, WeightKind.Embedded) => $"the embedded {choice.Network}",
            (null, _) => $"pretrained {choice.Network} ({found?.Description})",
            (_, WeightKind.Auto) => choice.Weights.Kind == WeightKind.Embedded ? $"the embedded {choice.Network}" : $"pretrained {choice.Network} ({found?.Description})",
            _ => null,
        };
    }

    private static async Task<BackbonePreview> PreviewDefaultAsync(WeightsCache cache, bool withPackages, CancellationToken cancellationToken)
    {
        try
        {
            bool isHere = cache.Imported(Preferred).Count > 0;
            if (cache.Options.Table.DefaultOf(Preferred) is { } published && !isHere && !cache.Contains(published))
            {
                await cache.ProbeAsync(published, cancellationToken).ConfigureAwait(false);
            }

            return new BackbonePreview(Preferred, WeightSelection.Pretrained, null);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            return await WithoutPreferredAsync(cache, e, withPackages, cancellationToken).ConfigureAwait(false);
        }
    }

    private static WeightSelection KnownWeightsOf(string network, WeightsCache cache)
    {
        if (cache.Options.Embedded?.Network == network)
        {
            return WeightSelection.Embedded;
        }

        if (cache.Options.Table.Of(network).Count == 0 && cache.Imported(network).Count == 0 && PackageWeights.Of(cache.Options, network) is { } package)
        {
            return package;
        }

        if (cache.Options.Table.Of(network).Count == 0 && cache.Imported(network).Count == 0)
        {
            string reason = cache.Options.Table.Unpublished.TryGetValue(network, out string? why) ? $" ({why})" : "";
            throw new UnknownWeightsException(
                $"No weights are published for {network}{reason}; ask for random initialization (weights '{WeightSelection.None}'), give a file, or import one into the cache for {network}.");
        }

        return WeightSelection.Pretrained;
    }

    private static string NetworkOf(string path)
    {
        using IWeightFile file = WeightResolver.FromFile(path).Open();
        return WeightLoader.NetworkOf(file);
    }

    private static bool IsUnavailable(Exception e) => e is WeightsUnavailableException or ArgumentException or IOException or UnauthorizedAccessException;

    private static async Task<BackbonePreview> WithoutPreferredAsync(WeightsCache cache, Exception e, bool withPackages, CancellationToken cancellationToken)
    {
        string why = $"{Preferred}'s weights are not here: {Plain(e)}";
        if (!withPackages)
        {
            return Embedded(cache, why);
        }

        WeightSelection package = PackageWeights.Default(cache.Options);
        try
        {
            if (!PackageWeights.IsHere(cache.Options, package))
            {
                await PackageWeights.ProbeAsync(cache.Options, cancellationToken).ConfigureAwait(false);
            }

            return new BackbonePreview(PackageWeights.NetworkOf(cache.Options, package), package, why);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Who forbids the network has heard so already.
            return Embedded(cache, cache.Options.IsOffline || cache.Options.PackageFolder is not null ? why : $"{why}; {package} cannot be restored: {Plain(problem)}");
        }
    }

    private static BackbonePreview Embedded(WeightsCache cache, string why) =>
        new(cache.Options.Embedded?.Network ?? throw NoEmbedded(), WeightSelection.Embedded, why);

    private static string Plain(Exception e) => (e as WeightsUnavailableException)?.Reason ?? e.Message.TrimEnd('.');

    private static ArgumentException NoEmbedded() => new("There is no embedded network in this build.");
}
