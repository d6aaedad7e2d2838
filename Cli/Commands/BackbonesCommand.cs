using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Networks;

namespace MLClassify.Cli.Commands;

/// <summary><c>backbones list</c>: the networks that can be trained.</summary>
internal static class BackbonesCommand
{
    private const int ImageNetClasses = 1000;

    public static Command Create(CliContext context)
    {
        var list = new Command("list", "Lists the networks that can be trained.");
        list.Add(CommonOptions.Json);
        list.SetAction(parsed =>
        {
            foreach (NetworkDefinition definition in NetworkRegistry.Default.Definitions)
            {
                List(context, definition, parsed.GetValue(CommonOptions.Json));
            }

            return ExitCode.Success;
        });
        var command = new Command("backbones", "The networks that can be trained.");
        command.Add(list);
        return command;
    }

    private static void List(CliContext context, NetworkDefinition definition, bool isJson)
    {
        int size = definition.DefaultInputSize;
        long parameters = definition.Build(new NetworkOptions { Classes = ImageNetClasses, InputHeight = size, InputWidth = size }).ParameterCount;
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
            });
            return;
        }

        string top1 = definition.PublishedTop1 is { } share ? ProgressLine.Share(share) : "";
        string figures = string.Create(CultureInfo.InvariantCulture, $"{definition.Name,-16} {parameters,13:N0} parameters  {size,3} px  {top1,6}");
        context.Output.WriteLine($"{figures}  {definition.Description}".TrimEnd());
    }
}
