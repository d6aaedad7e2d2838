using MLClassify.Common;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>The network that is trained where none is named.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Weights">Its initial weights; null for random initialization.</param>
/// <param name="Reason">The reason, in one line.</param>
public sealed record ResolvedBackbone(string Network, InitialWeights? Weights, string Reason);

/// <summary>What would be trained where no network is named.</summary>
/// <param name="Network">Its name in the registry.</param>
/// <param name="Weights">Its initial weights, as <see cref="WeightSelection"/> writes them; null for random initialization.</param>
/// <param name="Problem">Why it is not <see cref="DefaultBackbone.Preferred"/> with its published weights; null where it is.</param>
public sealed record BackbonePreview(string Network, string? Weights, string? Problem);

/// <summary>
/// Chooses the network that is trained where none is named: ResNet-50 with its published weights where these are here or can be fetched,
/// else the embedded network, and where there is none, ResNet-50 from scratch.
/// </summary>
public static class DefaultBackbone
{
    /// <summary>The network whose published weights are preferred.</summary>
    public const string Preferred = "resnet50";

    /// <summary>Chooses without fetching anything; only asks whether the server answers within seconds.</summary>
    /// <param name="cache">Where weights may be already.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static async Task<BackbonePreview> PreviewAsync(WeightsCache cache, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
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
            return WithoutPreferred(cache, e);
        }
    }

    /// <summary>Chooses; weights that are not here are fetched, unless the server does not answer within seconds.</summary>
    /// <param name="resolver">Finds weights.</param>
    /// <param name="progress">Receives a download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static async Task<ResolvedBackbone> ChooseAsync(
        WeightResolver resolver, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        BackbonePreview selection = await PreviewAsync(resolver.Cache, cancellationToken).ConfigureAwait(false);
        if (selection.Problem is null)
        {
            try
            {
                InitialWeights? pretrained = await resolver.ResolveAsync(Preferred, selection.Weights, progress, cancellationToken).ConfigureAwait(false);
                return new ResolvedBackbone(Preferred, pretrained, $"pretrained {Preferred} ({pretrained?.Description})");
            }
            catch (Exception e) when (IsUnavailable(e))
            {
                selection = WithoutPreferred(resolver.Cache, e);
            }
        }

        if (selection.Weights is null)
        {
            return new ResolvedBackbone(selection.Network, null, $"{selection.Network} from scratch; {selection.Problem}");
        }

        InitialWeights? weights = await resolver.ResolveAsync(selection.Network, selection.Weights, progress, cancellationToken).ConfigureAwait(false);
        return new ResolvedBackbone(selection.Network, weights, $"the embedded {selection.Network}; {selection.Problem}");
    }

    private static bool IsUnavailable(Exception e) => e is WeightsUnavailableException or ArgumentException or IOException or UnauthorizedAccessException;

    private static BackbonePreview WithoutPreferred(WeightsCache cache, Exception e)
    {
        string why = $"{Preferred}'s weights are not here: {(e as WeightsUnavailableException)?.Reason ?? e.Message}";
        return cache.Options.Embedded is { } embedded
            ? new BackbonePreview(embedded.Network, WeightSelection.Embedded, why)
            : new BackbonePreview(Preferred, null, why);
    }
}
