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

    /// <summary>Networks with their weights, for people: files of the same name by their folders, and a number where that does not help.</summary>
    public static IReadOnlyList<(string Name, ExtractImageFeaturesOptions Backbone)> Name(IReadOnlyList<ExtractImageFeaturesOptions> backbones)
    {
        HashSet<string> repeated = [.. backbones.CountBy(NameOf).Where(entry => entry.Value > 1).Select(entry => entry.Key)];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. backbones.Select(backbone => (Distinct(backbone), backbone))];

        string Distinct(ExtractImageFeaturesOptions backbone)
        {
            string name = NameOf(backbone);
            if (repeated.Contains(name) && (backbone.Model ?? (backbone.Weights.Kind == WeightKind.File ? backbone.Weights.Value : null)) is { } path)
            {
                name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))}/{name}";
            }

            string distinct = name;
            for (int number = 2; !taken.Add(distinct); number++)
            {
                distinct = FormattableString.Invariant($"{name} ({number})");
            }

            return distinct;
        }
    }

    /// <summary>A network with its weights, for people: the network alone where nothing else is to be said.</summary>
    private static string NameOf(ExtractImageFeaturesOptions backbone)
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
