using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>Which networks a search tries where none is named.</summary>
internal static class SearchBackbones
{
    /// <summary>Those whose weights are on this machine, the cheapest first.</summary>
    /// <param name="cache">Where weights are.</param>
    public static IReadOnlyList<ExtractImageFeaturesOptions> Here(WeightsCache cache)
    {
        var found = new List<(NetworkDefinition Network, WeightSelection Weights)>();
        foreach (NetworkDefinition network in NetworkRegistry.Default.Definitions)
        {
            found.AddRange(Of(cache, network.Name).Select(weights => (network, weights)));
        }

        return
        [
            .. found.OrderBy(entry => Cost(entry.Network)).ThenBy(entry => entry.Network.Name, StringComparer.Ordinal)
                .Select(entry => new ExtractImageFeaturesOptions { Backbone = entry.Network.Name, Weights = entry.Weights }),
        ];
    }

    /// <summary>A network with its weights, for people: the network alone where nothing else is to be said.</summary>
    public static string NameOf(ExtractImageFeaturesOptions backbone)
    {
        string name = backbone switch
        {
            { Model: { } path } => Path.GetFileName(path),
            { Backbone: null, Weights.Kind: WeightKind.Auto } => "default",
            { Backbone: null } => backbone.Weights.Label,
            { Weights.Kind: WeightKind.Auto or WeightKind.Package } => backbone.Backbone,
            { Weights: { Kind: WeightKind.Pretrained, Value: null } } => backbone.Backbone,

            // Most files carry their network's name.
            { Weights.Kind: WeightKind.File } when backbone.Weights.Label.StartsWith(backbone.Backbone, StringComparison.OrdinalIgnoreCase) => backbone.Weights.Label,
            _ => $"{backbone.Backbone} ({backbone.Weights.Label})",
        };
        return backbone.ImageSize is { } size ? FormattableString.Invariant($"{name} at {size}") : name;
    }

    // A published file goes before imported ones; of several of these nobody knows which is meant.
    private static IEnumerable<WeightSelection> Of(WeightsCache cache, string network)
    {
        if (cache.Options.Table.Of(network).Any(cache.Contains) || cache.Imported(network).Count == 1)
        {
            yield return cache.Options.Table.Of(network).FirstOrDefault(cache.Contains) is { } published && published != cache.Options.Table.DefaultOf(network)
                ? WeightSelection.Version(published.Sha256)
                : WeightSelection.Pretrained;
        }

        if (PackageWeights.Of(cache.Options, network) is { } package && PackageWeights.IsHere(cache.Options, package))
        {
            yield return package;
        }

        if (cache.Options.Embedded?.Network == network)
        {
            yield return WeightSelection.Embedded;
        }
    }

    private static long Cost(NetworkDefinition network)
    {
        var options = new NetworkOptions { Classes = 1, InputHeight = network.DefaultInputSize, InputWidth = network.DefaultInputSize };
        return SearchBackbone.MultiplyAddsOf(network.Build(options));
    }
}
