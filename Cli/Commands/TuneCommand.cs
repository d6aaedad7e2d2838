using System.CommandLine;
using System.Diagnostics;
using MLClassify.Cli.Options;
using MLClassify.Cli.Tuning;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>tune DATA</c>: trains with several settings and shows which is best.</summary>
internal sealed class TuneCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _data = OptionFactory.Argument("DATA", "A folder with one subfolder a class, or with train/ and val/.");
    private readonly SplitOptions _split = new();
    private readonly TrainingOptions _training = new();
    private readonly Option<string[]> _vary = new("--vary")
    {
        Description = "An option of train and its values, such as lr=0.01,0.003 or dropout=0,0.5; with --random also a range, such as lr=0.0001..0.1. Repeat it for several.",
        HelpName = "OPTION=VALUES",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _random = OptionFactory.Integer("--random", "Draw N settings at random, by --seed. Default: the whole grid.");
    private readonly Option<double?> _minutes = OptionFactory.Number("--minutes", "Start no trial after this time, and end the one under way. Default: no limit.");
    private readonly Option<int?> _trials = OptionFactory.Integer("--trials", "At most N trials. Default: all.");
    private readonly Option<string?> _out = OptionFactory.Text("--out", "DIR", "Where the trials' runs, tune.csv and tune.html go. Default runs/tune.");

    private TuneCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var tune = new TuneCommand(context);
        var command = new Command("tune", "Trains with several settings, a grid or at random, and writes one table and one page that compares them.");
        command.Add(tune._data);
        tune._split.AddTo(command, withValidation: true);
        command.Add(tune._vary);
        command.Add(tune._random);
        command.Add(tune._minutes);
        command.Add(tune._trials);
        command.Add(tune._out);
        tune._training.AddTo(command);
        command.Add(CommonOptions.Json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(tune._vary) is null)
            {
                result.AddError("--vary is missing: name at least one option of train and its values, such as --vary lr=0.01,0.003");
            }
        });
        command.SetAction(tune.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        DataSelection selection = _split.Bind(parsed, parsed.GetRequiredValue(_data));
        var space = TrialSpace.Parse(parsed.GetRequiredValue(_vary));
        IReadOnlyList<SearchTrial> trials = parsed.GetValue(_random) is { } count ? space.Draw(count, selection.Seed) : space.Grid();
        trials = [.. trials.Take(parsed.GetValue(_trials) ?? int.MaxValue)];
        FineTuneOptions[] options = [.. trials.Select(trial => _training.Bind(_training.With(parsed, trial.Settings), selection.Seed))];
        foreach (FineTuneOptions each in options)
        {
            // All are checked before the first is trained.
            _ = new FineTuneTrainer(each);
        }

        TrainingData data = selection.Open();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (parsed.GetValue(_minutes) is { } minutes)
        {
            if (minutes <= 0)
            {
                throw new UsageException(FormattableString.Invariant($"--minutes: expected a number above 0, got {minutes}"));
            }

            stop.CancelAfter(TimeSpan.FromMinutes(Math.Min(minutes, 60_000)));
        }

        var folder = SearchFolder.Create(parsed.GetValue(_out) ?? Path.Combine("runs", "tune"));
        var results = new TrialResults(_context, folder, isJson);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        try
        {
            await TrainAsync(parsed, trials, options, data, results, folder, resolver, stop.Token).ConfigureAwait(false);
        }
        catch when (results.HasAny)
        {
            // What was found before is not lost with what failed.
            results.Write();
            throw;
        }

        results.Write();
        return cancellationToken.IsCancellationRequested ? ExitCode.Canceled : results.HasAny ? ExitCode.Success : ExitCode.Failure;
    }

    private async Task TrainAsync(
        ParseResult parsed,
        IReadOnlyList<SearchTrial> trials,
        FineTuneOptions[] options,
        TrainingData data,
        TrialResults results,
        SearchFolder folder,
        WeightResolver resolver,
        CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        for (int i = 0; i < trials.Count && !cancellationToken.IsCancellationRequested; i++)
        {
            (FineTuneOptions chosen, InitialWeights? start) =
                await TrainingOptions.StartAsync(_context, options[i], resolver, isJson, cancellationToken).ConfigureAwait(false);
            results.Announce(i + 1, trials.Count, trials[i]);
            var work = new TrainingWork(_context, isJson)
            {
                Resolver = resolver,
                Start = start,
                Data = data,
            };
            results.Add(await TrainAsync(work, chosen, trials[i], folder, i + 1, cancellationToken).ConfigureAwait(false));
        }
    }

    // A setting that diverges is a result, too.
    private static async Task<TrialOutcome> TrainAsync(
        TrainingWork work, FineTuneOptions options, SearchTrial trial, SearchFolder folder, int number, CancellationToken cancellationToken)
    {
        var run = RunFolder.Create(folder.TrialFolder(number));
        var clock = Stopwatch.StartNew();
        try
        {
            using TrainingResult result = await work.RunAsync(options, run, cancellationToken).ConfigureAwait(false);
            return TrialOutcome.From(number, trial, result);
        }
        catch (TrainingDivergedException e)
        {
            return new TrialOutcome { Number = number, Trial = trial, Network = options.Backbone!, Elapsed = clock.Elapsed, Note = e.Message };
        }
    }
}
