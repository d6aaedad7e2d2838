using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands.Backbones;

/// <summary>Names of published weights on the command line: <c>resnet50</c>, <c>resnet50:v2</c>.</summary>
internal static class WeightNames
{
    /// <summary>Reads a name.</summary>
    /// <exception cref="ArgumentException">The network is unknown, or nothing of this version is published for it.</exception>
    public static PublishedWeights Parse(PublishedWeightsTable table, string text)
    {
        string[] parts = text.Split(':', 2);
        string network = NetworkRegistry.Default.Get(parts[0]).Name;
        IReadOnlyList<PublishedWeights> published = table.Of(network);
        if (published.Count == 0)
        {
            string why = table.Unpublished.TryGetValue(network, out string? reason) ? $": {reason}" : "";
            throw new ArgumentException($"No weights are published for {network}{why}.");
        }

        return parts.Length == 1
            ? published[0]
            : published.FirstOrDefault(w => w.Variant.Equals(parts[1], StringComparison.OrdinalIgnoreCase) || w.Sha256.Equals(parts[1], StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"{network} has no weights '{parts[1]}'; known: {string.Join(", ", published.Select(w => w.Variant))}.");
    }
}
