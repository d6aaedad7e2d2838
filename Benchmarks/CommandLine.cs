using System.CommandLine;
using MLClassify.Benchmarks.Commands;

namespace MLClassify.Benchmarks;

/// <summary>The program's entry point, without the process around it.</summary>
internal static class CommandLine
{
    private const int Failure = 1;
    private const int Usage = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go: one line.</param>
    /// <returns>0; 2 for wrong usage, 1 for failed work.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Measures the speed of networks, convolutions and short operations on this machine.");
        root.Add(NetworksCommand.Create(output));
        root.Add(KernelsCommand.Create(output));
        root.Add(ShortCommand.Create(output));
        root.Add(RatiosCommand.Create(output));
        root.Add(MLNetCommand.Create(output, error));
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
            {
                throw new UsageException(parsed.Errors[0].Message);
            }

            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is UsageException or ArgumentException or InvalidDataException or IOException)
        {
            error.WriteLine($"error: {Describe(exception)}");
            return exception is UsageException or ArgumentException ? Usage : Failure;
        }
    }

    private static string Describe(Exception exception)
    {
        string message = exception.Message.ReplaceLineEndings(" ");
        return exception is ArgumentException { ParamName: string name } ? message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : message;
    }
}
