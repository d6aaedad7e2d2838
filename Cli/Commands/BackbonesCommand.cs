using System.CommandLine;
using MLClassify.Cli.Commands.Backbones;

namespace MLClassify.Cli.Commands;

/// <summary><c>backbones</c>: the networks that can be trained, and their pretrained weights on this machine.</summary>
internal static class BackbonesCommand
{
    public static Command Create(CliContext context)
    {
        var command = new Command("backbones", "The networks that can be trained, and their pretrained weights on this machine.");
        command.Add(ListCommand.Create(context));
        command.Add(PullCommand.Create(context));
        command.Add(ImportCommand.Create(context));
        command.Add(PathCommand.Create(context));
        return command;
    }
}
