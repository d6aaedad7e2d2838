using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary><c>compare RUN RUN...</c>: sets finished runs side by side.</summary>
internal sealed class CompareCommand
{
    private readonly CliContext _context;
    private readonly Argument<string[]> _runs = OptionFactory.Arguments("RUN", "Folders of runs, two or more.");
    private readonly Option<string?> _out = OptionFactory.Text("--out", "FILE.html", "Write a page with the table and all curves together.");

    private CompareCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var compare = new CompareCommand(context);
        var command = new Command("compare", "Compares finished runs: what differs in their options, and what came of it.");
        command.Add(compare._runs);
        command.Add(compare._out);
        command.Add(CommonOptions.Json);
        command.SetAction(compare.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] folders = parsed.GetRequiredValue(_runs);
        if (folders.Length < 2)
        {
            throw new UsageException("give the folders of two runs or more");
        }

        FinishedRun[] runs = Read(folders, parsed.GetValue(CommonOptions.Verbose));
        if (runs.Length == 0)
        {
            return ExitCode.Failure;
        }

        IReadOnlyList<string> warnings = RunComparison.Warnings(runs);
        foreach (string warning in warnings)
        {
            _context.Warn(warning);
        }

        IReadOnlyList<ComparedRun> compared = ComparedRun.Rank(RunComparison.Create(runs));
        Show(compared, parsed.GetValue(CommonOptions.Json));
        if (parsed.GetValue(_out) is { } page)
        {
            RunComparison.WritePage(page, compared, warnings);
            _context.ProgressWriter(parsed.GetValue(CommonOptions.Json)).WriteLine(DisplayLine.Clean($"page: {page}"));
        }

        return runs.Length == folders.Length ? ExitCode.Success : ExitCode.Failure;
    }

    // One folder that cannot be read does not keep the others from being compared.
    private FinishedRun[] Read(string[] folders, bool isVerbose)
    {
        var runs = new List<FinishedRun>();
        foreach (string folder in folders)
        {
            try
            {
                runs.Add(FinishedRun.Read(folder));
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                ErrorReport.Write(e, _context.Error, isVerbose);
            }
        }

        return [.. runs];
    }

    private void Show(IReadOnlyList<ComparedRun> runs, bool isJson)
    {
        if (!isJson)
        {
            _context.Output.WriteLine(RunComparison.ToTable(runs));
            return;
        }

        foreach (ComparedRun run in runs)
        {
            JsonLine.Write(_context.Output, new
            {
                run.Name,
                run.Network,
                Options = run.Differences.ToDictionary(d => d.Name, d => d.Value, StringComparer.Ordinal),
                Epochs = run.Epochs.Count,
                run.BestEpoch,
                run.Accuracy,
                run.Loss,
                run.MacroF1,
                run.Seconds,
            });
        }
    }
}
