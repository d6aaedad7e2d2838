using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Common;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands.Backbones;

/// <summary><c>backbones pull NAME...</c>: fetches published weights.</summary>
internal sealed class PullCommand
{
    private readonly CliContext _context;
    private readonly Argument<string[]> _names = OptionFactory.Arguments("NAME", "Networks, as 'backbones list' names them; resnet50:v2 for another version; package:NAME for a NuGet package.");
    private readonly Option<bool> _force = new("--force") { Description = "Fetch files that are on this machine again." };
    private readonly Option<string?> _mirror = OptionFactory.Text(
        "--mirror", "URL", $"Fetch from this folder instead of torchvision's server. Default: ${WeightsCacheOptions.MirrorVariable}.");

    private PullCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var pull = new PullCommand(context);
        var command = new Command("pull", "Fetches published weights, so that training can do without a network connection later.");
        command.Add(pull._names);
        command.Add(pull._force);
        command.Add(pull._mirror);
        command.Add(CommonOptions.Json);
        command.SetAction(pull.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        WeightsCacheOptions options = _context.Weights();
        if (parsed.GetValue(_mirror) is { } mirror)
        {
            options = options with { Mirror = MirrorAddress.Parse(mirror) };
        }

        using var cache = new WeightsCache(options);
        string[] names = parsed.GetRequiredValue(_names);
        WeightSelection[] packages = [.. names.Where(IsPackage).Select(WeightSelection.Parse).Distinct()];
        PublishedWeights[] wanted = [.. names.Where(n => !IsPackage(n)).Select(name => WeightNames.Parse(options.Table, name)).Distinct()];
        bool isJson = parsed.GetValue(CommonOptions.Json);
        bool isForced = parsed.GetValue(_force);
        int code = ExitCode.Success;
        foreach (WeightSelection package in packages)
        {
            await PullAsync(cache, package, isJson, cancellationToken).ConfigureAwait(false);
        }

        foreach (PublishedWeights weights in wanted)
        {
            try
            {
                DownloadResult result = await DownloadView.RunAsync(
                    _context, isJson, progress => cache.EnsureAsync(weights, isForced, progress, cancellationToken)).ConfigureAwait(false);
                Tell(weights, result, isJson);
            }
            catch (WeightsUnavailableException e) when (wanted.Length > 1)
            {
                // The others may still come.
                code = ErrorReport.Write(e, _context.Error, parsed.GetValue(CommonOptions.Verbose));
            }
        }

        return code;
    }

    private static bool IsPackage(string name) => name.StartsWith("package:", StringComparison.OrdinalIgnoreCase);

    private async Task PullAsync(WeightsCache cache, WeightSelection package, bool isJson, CancellationToken cancellationToken)
    {
        BackbonePreview choice = await DefaultBackbone.PreviewAsync(cache, network: null, package, cancellationToken).ConfigureAwait(false);
        InitialWeights found = (await DownloadView.RunAsync(
            _context, isJson, progress => new WeightResolver(cache).ResolveAsync(choice.Network, package, progress, cancellationToken)).ConfigureAwait(false))!;
        if (isJson)
        {
            JsonLine.Write(_context.Output, new { Event = "package", Name = choice.Network, Weights = found.Selection.ToString(), Path = found.File });
            return;
        }

        _context.Output.WriteLine(DisplayLine.Clean($"{choice.Network}: {found.File} ({found.Description})"));
    }

    private void Tell(PublishedWeights weights, DownloadResult result, bool isJson)
    {
        long bytes = new FileInfo(result.Path).Length;
        if (isJson)
        {
            JsonLine.Write(_context.Output, new
            {
                Event = result.IsNew ? "fetched" : "cached",
                Name = weights.Network,
                weights.Variant,
                File = weights.FileName,
                result.Path,
                result.Sha256,
                Bytes = bytes,
                Licence = PublishedWeights.License,
            });
            return;
        }

        string how = result.IsNew ? $"fetched, {DownloadView.Size(bytes)}" : "here already";
        _context.Output.WriteLine(DisplayLine.Clean($"{weights.Network}: {result.Path} ({how})"));
    }
}
