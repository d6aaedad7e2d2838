using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands.Backbones;

/// <summary><c>backbones list</c>: the networks, and which weights of theirs are here.</summary>
internal static class ListCommand
{
    private const int ImageNetClasses = 1000;

    public static Command Create(CliContext context)
    {
        var list = new Command("list", "Lists the networks that can be trained, and which pretrained weights are on this machine.");
        list.Add(CommonOptions.Json);
        list.SetAction(async (parsed, cancellationToken) =>
        {
            // Nothing is restored in order to be listed.
            using WeightsCache cache = context.OpenWeights(isOffline: true);
            foreach (NetworkDefinition definition in NetworkRegistry.Default.Definitions)
            {
                InitialWeights? package = await FindPackageAsync(cache, definition, cancellationToken).ConfigureAwait(false);
                List(context, cache, definition, package, parsed.GetValue(CommonOptions.Json));
            }

            return ExitCode.Success;
        });
        return list;
    }

    // Where a network's weights are those of a package: they, if they are here.
    private static async Task<InitialWeights?> FindPackageAsync(WeightsCache cache, NetworkDefinition definition, CancellationToken cancellationToken)
    {
        try
        {
            BackbonePreview choice = await DefaultBackbone.PreviewAsync(cache, definition.Name, cancellationToken: cancellationToken).ConfigureAwait(false);
            return choice.Weights.Kind == WeightKind.Package
                ? await new WeightResolver(cache).ResolveAsync(definition.Name, choice.Weights, cancellationToken: cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (Exception e) when (e is UnknownWeightsException or IOException or InvalidWeightsException)
        {
            return null;
        }
    }

    private static void List(CliContext context, WeightsCache cache, NetworkDefinition definition, InitialWeights? package, bool isJson)
    {
        int size = definition.DefaultInputSize;
        var options = new NetworkOptions { Classes = ImageNetClasses, InputHeight = size, InputWidth = size };
        long parameters = NetworkSummary.Of(NetworkSpec.From(definition.Name, options)).Parameters;
        IReadOnlyList<PublishedWeights> published = cache.Options.Table.Of(definition.Name);
        IReadOnlyList<string> imported = cache.Imported(definition.Name);
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                definition.Name,
                definition.Family,
                Parameters = parameters,
                InputSize = size,
                ImagenetTop1 = definition.PublishedTop1,
                definition.Description,
                Paper = definition.Paper.Url,
                Weights = published.Select(w => Row(cache, w)),
                Imported = imported,
                Package = package?.Selection.ToString(),
            });
            return;
        }

        string top1 = definition.PublishedTop1 is { } share ? ProgressLine.Share(share) : "";
        string here = string.Join(' ', published.Where(cache.Contains).Select(w => w.Variant).Concat(imported.Select(_ => "imported")).Concat(package is null ? [] : ["package"]).Distinct());
        string figures = string.Create(CultureInfo.InvariantCulture, $"{definition.Name,-16} {parameters,13:N0} parameters  {size,3} px  {top1,6}");
        context.Output.WriteLine($"{figures}  {(here.Length > 0 ? $"[{here}]" : published.Count > 0 ? "-" : ""),-7}  {Sentence(definition, published)}".TrimEnd());
    }

    private static string Sentence(NetworkDefinition definition, IReadOnlyList<PublishedWeights> published)
    {
        string others = string.Join(", ", published.Skip(1).Select(w => $"pretrained:{w.Variant} {ProgressLine.Share(w.Top1)}"));
        return others.Length > 0 ? $"{definition.Description} ({others})" : definition.Description;
    }

    private static object Row(WeightsCache cache, PublishedWeights weights) => new
    {
        weights.Variant,
        Default = weights.IsDefault,
        File = weights.FileName,
        Url = weights.Address,
        Sha256Prefix = weights.Sha256,
        Top1 = weights.Top1,
        weights.Mebibytes,
        weights.ResizeSize,
        Licence = PublishedWeights.License,
        Cached = cache.Contains(weights),
        Path = cache.PathOf(weights),
    };
}
