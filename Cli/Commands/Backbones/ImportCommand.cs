using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands.Backbones;

/// <summary><c>backbones import FILE</c>: copies a weight file that was obtained by other means into the cache.</summary>
internal static class ImportCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> file = OptionFactory.Argument("FILE", "A weight file: a published one, or any other that fits the network of --name.");
        Option<string?> name = OptionFactory.Text("--name", "NETWORK", "The network that the file is for; a published file says so itself.");
        var command = new Command("import", "Copies a weight file to where '--weights pretrained' finds it, after a check.");
        command.Add(file);
        command.Add(name);
        command.Add(CommonOptions.Json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using WeightsCache cache = context.OpenWeights();
            try
            {
                ImportedWeights imported = await cache
                    .ImportAsync(parsed.GetRequiredValue(file), parsed.GetValue(name), cancellationToken).ConfigureAwait(false);
                Tell(context, imported, parsed.GetValue(CommonOptions.Json));
                return ExitCode.Success;
            }
            catch (ArgumentException e) when (parsed.GetValue(name) is null)
            {
                throw new UsageException($"{e.Message.TrimEnd('.')}: --name NETWORK");
            }
        });
        return command;
    }

    private static void Tell(CliContext context, ImportedWeights imported, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(context.Output, new
            {
                Event = "imported",
                Name = imported.Network,
                Variant = imported.Published?.Variant,
                imported.Path,
                imported.Sha256,
                Published = imported.Published is not null,
            });
            return;
        }

        string what = imported.Published is { } published ? $"the published file, {published.Variant}" : $"pretrained:{imported.Sha256[..8]}";
        context.Output.WriteLine(DisplayLine.Clean($"{imported.Network}: {imported.Path} ({what})"));
    }
}
