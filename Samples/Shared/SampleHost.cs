using System.CommandLine;

namespace MLClassify.Samples;

/// <summary>What every sample has around its work: Ctrl-C, one line for an error, an exit code.</summary>
internal static class SampleHost
{
    /// <summary>Runs a sample in this process.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="sample">The sample.</param>
    public static async Task<int> RunAsync(string[] args, Func<string[], TextWriter, TextWriter, CancellationToken, Task<int>> sample)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            // The first Ctrl-C ends training after its step, which leaves the best epoch so far; the second ends the process.
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        return await sample(args, Console.Out, Console.Error, stop.Token);
    }

    /// <summary>Reads the arguments and does the work.</summary>
    /// <param name="command">The sample's arguments and options.</param>
    /// <param name="work">What it does.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>0 done, 1 the work failed, 2 wrong usage, 130 ended by Ctrl-C.</returns>
    public static async Task<int> InvokeAsync(
        RootCommand command, Func<ParseResult, Task<int>> work, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ParseResult parsed = command.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
        {
            // An unknown word is the likelier cause than what is missing because of it.
            string problem = parsed.UnmatchedTokens is [var word, ..]
                ? $"{(word.StartsWith('-') ? "unknown option" : "unexpected argument")} '{word}'"
                : parsed.Errors[0].Message.TrimEnd('.');
            await error.WriteLineAsync($"error: {problem} (see --help)");
            return 2;
        }

        command.SetAction((parsed, _) => work(parsed));
        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("error: canceled");
            return 130;
        }
        catch (ArgumentException e)
        {
            await error.WriteLineAsync($"error: {Message(e).ReplaceLineEndings(" ")}");
            return 2;
        }
        catch (Exception e) when (e is not (NullReferenceException or IndexOutOfRangeException or InvalidCastException))
        {
            // Every expected error of the library says in one sentence what was found and what was expected.
            await error.WriteLineAsync($"error: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static string Message(ArgumentException e) => e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
}
