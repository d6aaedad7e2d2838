using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands.Backbones;

/// <summary><c>backbones path [NAME]</c>: where pretrained weights are kept.</summary>
internal static class PathCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string?> name = OptionFactory.OptionalArgument("NAME", "A network, or resnet50:v2 for another version; the folder when absent.");
        var command = new Command("path", "Prints the folder of pretrained weights, or where a network's file is or belongs.");
        command.Add(name);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed =>
        {
            using WeightsCache cache = context.OpenWeights();
            if (parsed.GetValue(name) is { } text)
            {
                Tell(context, cache, WeightNames.Parse(cache.Options.Table, text), parsed.GetValue(CommonOptions.Json));
            }
            else if (parsed.GetValue(CommonOptions.Json))
            {
                JsonLine.Write(context.Output, new { Folder = cache.Folder });
            }
            else
            {
                context.Output.WriteLine(cache.Folder);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Tell(CliContext context, WeightsCache cache, PublishedWeights weights, bool isJson)
    {
        string path = cache.PathOf(weights);
        bool isCached = cache.Contains(weights);
        if (isJson)
        {
            JsonLine.Write(context.Output, new { Name = weights.Network, weights.Variant, Path = path, Cached = isCached });
            return;
        }

        context.Output.WriteLine(path);
        if (!isCached)
        {
            context.Warn($"{weights.FileName} is not there yet; 'mlclassify backbones pull {weights.Network}:{weights.Variant}' fetches it");
        }
    }
}
