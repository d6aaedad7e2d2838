using MLClassify.Files;

namespace MLClassify.Networks.Pretrained;

/// <summary>The network that is trained where none is named.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Weights">What it starts from; null for chance.</param>
/// <param name="Reason">Why, in one line for people.</param>
public sealed record BackboneChoice(string Network, StartingWeights? Weights, string Reason);

/// <summary>
/// Chooses the network that is trained where none is named: ResNet-50 with its published weights where these are here or can be fetched,
/// else the embedded network, and where there is none, ResNet-50 from scratch.
/// </summary>
public static class DefaultBackbone
{
    /// <summary>The network whose published weights are preferred.</summary>
    public const string Preferred = "resnet50";

    /// <summary>Chooses; weights that are not here are fetched, unless the server does not answer within seconds.</summary>
    /// <param name="resolver">Finds weights.</param>
    /// <param name="progress">Told how a download goes; nobody when null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static async Task<BackboneChoice> ChooseAsync(
        WeightResolver resolver, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        WeightsCache cache = resolver.Cache;
        try
        {
            bool isHere = cache.Imported(Preferred).Count > 0;
            if (cache.Options.Table.DefaultOf(Preferred) is { } published && !isHere && !cache.Contains(published))
            {
                await cache.ProbeAsync(published, cancellationToken).ConfigureAwait(false);
            }

            StartingWeights? weights = await resolver
                .ResolveAsync(Preferred, WeightSelection.Pretrained, progress, cancellationToken).ConfigureAwait(false);
            return new BackboneChoice(Preferred, weights, $"pretrained {Preferred} ({weights?.Description})");
        }
        catch (Exception e) when (e is WeightsUnavailableException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            string why = $"{Preferred}'s weights are not here: {(e as WeightsUnavailableException)?.Reason ?? e.Message}";
            if (cache.Options.Embedded is not { } embedded)
            {
                return new BackboneChoice(Preferred, null, $"{Preferred} from scratch; {why}");
            }

            StartingWeights? weights = await resolver
                .ResolveAsync(embedded.Network, WeightSelection.Embedded, progress, cancellationToken).ConfigureAwait(false);
            return new BackboneChoice(embedded.Network, weights, $"the embedded {embedded.Network}; {why}");
        }
    }
}
