using System.CommandLine;
using System.CommandLine.Parsing;
using MLClassify.Cli.Commands;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;

namespace MLClassify.Cli;

/// <summary>The tool's entry point, without the process around it.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and warnings go.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) =>
        RunAsync(args, new CliContext(output, error), cancellationToken);

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="context">Where to write, and what else there is around the tool.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliContext context, CancellationToken cancellationToken = default)
    {
        context.Arguments = args;
        RootCommand root = CreateRoot(context);
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        bool isVerbose = parsed.GetValue(CommonOptions.Verbose);
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
            {
                throw new UsageException($"{Usage(parsed).TrimEnd('.')} (see 'mlclassify {PathRoles.PathOf(parsed.CommandResult)}--help')");
            }

            var configuration = new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return ErrorReport.Write(exception, context.Error, isVerbose);
        }
    }

    /// <summary>Builds the commands, for a context that their work writes to.</summary>
    /// <param name="context">Where to write, and what else there is around the tool.</param>
    internal static RootCommand CreateRoot(CliContext context)
    {
        var root = new RootCommand("Trains, measures and applies image classifiers.");
        root.Add(CommonOptions.Verbose);
        root.Add(TrainCommand.Create(context));
        root.Add(EvaluateCommand.Create(context));
        root.Add(CompareCommand.Create(context));
        root.Add(PredictCommand.Create(context));
        root.Add(ServeCommand.Create(context));
        root.Add(ExplainCommand.Create(context));
        root.Add(ExportCommand.Create(context));
        root.Add(SummaryCommand.Create(context));
        root.Add(TuneCommand.Create(context));
        root.Add(LearningRateCommand.Create(context));
        root.Add(DistillCommand.Create(context));
        root.Add(BackbonesCommand.Create(context));
        root.Add(DevicesCommand.Create(context));
        root.Add(DataCommand.Create(context));
        root.Add(NewCommand.Create(context));
        root.Add(DemoCommand.Create(context));
        HelpPage.AddTo(root);
        return root;
    }

    // An unknown word is the likelier cause than what is missing because of it.
    private static string Usage(ParseResult parsed)
    {
        // The parser hands an option that it does not know to an argument that has room; what belongs to the option is too much then.
        string[] unknown = [.. parsed.UnmatchedTokens.OrderBy(token => token.StartsWith('-') ? 0 : 1)];
        if (parsed.Errors.FirstOrDefault(error => error.Message.StartsWith(OptionFactory.UnknownOption, StringComparison.Ordinal)) is { } rejected)
        {
            return rejected.Message;
        }

        if (unknown.Length > 0)
        {
            string what = unknown[0].StartsWith('-') ? "unknown option" : parsed.CommandResult.Command is RootCommand ? "unknown command" : "unexpected argument";
            Command command = parsed.CommandResult.Command;
            string meant = unknown[0].StartsWith('-') ? Suggestion.ForOption(unknown[0], command) : Suggestion.ForCommand(unknown[0], command);
            return $"{what} '{unknown[0]}'{meant}";
        }

        // The parser's own sentence names the command alone.
        Argument? missing = parsed.Errors.Select(error => error.SymbolResult).OfType<ArgumentResult>()
            .FirstOrDefault(result => result.Tokens.Count == 0 && result.Argument.Arity.MinimumNumberOfValues > 0)?.Argument;
        return missing is null
            ? parsed.Errors[0].Message
            : $"{missing.Name} is missing: {PathRoles.Missing(parsed.CommandResult, [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(r => r.Tokens).Select(t => t.Value)])}";
    }
}
