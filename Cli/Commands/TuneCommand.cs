using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Tuning;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>tune DATA</c>: trains with several settings and shows which is best.</summary>
internal sealed class TuneCommand
{
    private const string SeedName = "seed";

    private readonly CliContext _context;
    private readonly Argument<string> _data = OptionFactory.Argument("DATA", "A folder with one subfolder a class, or with train/ and val/.");
    private readonly SplitOptions _split = new();
    private readonly EstimateOptions _estimate = new("Rank the trials by cross-validation in N folds of the images, not by one held-out part: N more trainings a trial. For small sets.");
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
    private readonly RunFolderOptions _out = new("Where the trials' runs, tune.csv and tune.html go. Default runs/tune, or a free name beside it.");

    private TuneCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var tune = new TuneCommand(context);
        var command = new Command("tune", "Trains with several settings, a grid or at random, and writes one table and one page that compares them.");
        command.Add(tune._data);
        tune._split.AddTo(command, withValidation: true);
        tune._estimate.AddTo(command);
        command.Add(tune._vary);
        command.Add(tune._random);
        command.Add(tune._minutes);
        command.Add(tune._trials);
        tune._out.AddTo(command);
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
        DataSelection selection = _estimate.Bind(parsed, _split.Bind(parsed, parsed.GetRequiredValue(_data)));
        IReadOnlyList<PlannedTrial> planned = Plan(parsed, selection.Seed);
        CommonOptions.TellDevice(_context, parsed, CommonOptions.Compute(parsed));
        TrainingData data = selection.Open(cancellationToken);
        data.Tell(_context.ProgressWriter(isJson));
        TimeSpan? limit = Limit(parsed);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        planned = await FindWeightsAsync(planned, resolver, isJson, cancellationToken).ConfigureAwait(false);
        (string path, ExistingRun existing) = _out.Bind(parsed, Path.Combine("runs", "tune"));
        var folder = SearchFolder.Create(path, existing);
        var search = new HyperparameterSearch(_training.Bind(parsed, selection.Seed), [.. planned.Select(p => new SearchTrial(p.Trial.Settings, _ => p.Options))])
        {
            Run = folder,
            Limit = limit,
            Resolver = resolver,
            Folds = data.Folds,
            Test = data.Test,
            TrainTrial = (place, options, token) => new TrainingWork(_context, isJson) { Start = planned[place.Number - 1].Start, Data = data, IsTrial = true }
                .RunAsync(options, RunFolder.Create(folder.TrialFolder(place.Number)), token),
        };
        var results = new TrialResults(_context, folder, planned.Count, data.Folds > 0, isJson);
        try
        {
            SearchResult result = await search.RunAsync(data.Train, data.Validation, results, cancellationToken).ConfigureAwait(false);
            results.Show(result.Test);
        }
        catch when (results.HasAny)
        {
            // What was found before is not lost with what failed.
            results.Show();
            throw;
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Canceled : results.HasAny ? ExitCode.Success : ExitCode.Failure;
    }

    // All are checked before the first is trained.
    private List<PlannedTrial> Plan(ParseResult parsed, long seed)
    {
        var space = TrialSpace.Parse(parsed.GetRequiredValue(_vary));
        IReadOnlyList<SearchTrial> trials = parsed.GetValue(_random) is { } count ? space.Draw(count, seed) : space.Grid();
        int most = parsed.GetValue(_trials) ?? int.MaxValue;
        if (most < 1)
        {
            throw new UsageException(FormattableString.Invariant($"--trials: expected a number above 0, got {most}"));
        }

        var planned = new List<PlannedTrial>();
        foreach (SearchTrial trial in trials.Take(most))
        {
            // Another seed trains anew on the same images: what is held out stays --seed's.
            string? own = trial.Settings.FirstOrDefault(setting => setting.Name == SeedName).Value;
            long trialSeed = own is null ? seed
                : long.TryParse(own, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
                : throw new UsageException($"--vary: {SeedName}: expected a whole number, got '{own}'");
            planned.Add(new PlannedTrial(trial, _training.Bind(_training.With(parsed, [.. trial.Settings.Where(setting => setting.Name != SeedName)]), trialSeed), Start: null));
        }

        planned.ForEach(p => _ = new FineTuneTrainer(p.Options));
        return planned;
    }

    private TimeSpan? Limit(ParseResult parsed) => parsed.GetValue(_minutes) switch
    {
        null => null,
        > 0 and var minutes => TimeSpan.FromMinutes(Math.Min(minutes, 60_000)),
        var minutes => throw new UsageException(FormattableString.Invariant($"--minutes: expected a number above 0, got {minutes}")),
    };

    // What several trials start from is looked for once.
    private async Task<IReadOnlyList<PlannedTrial>> FindWeightsAsync(
        IReadOnlyList<PlannedTrial> planned, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string?, WeightSelection, string?), (FineTuneOptions Options, InitialWeights? Start)>();
        var resolved = new List<PlannedTrial>();
        foreach (PlannedTrial trial in planned)
        {
            (string?, WeightSelection, string?) key = (trial.Options.Backbone, trial.Options.Weights, trial.Options.InitialModel);
            if (!found.TryGetValue(key, out (FineTuneOptions Options, InitialWeights? Start) from))
            {
                found[key] = from = await TrainingOptions.StartAsync(_context, trial.Options, resolver, isJson, cancellationToken).ConfigureAwait(false);
            }

            resolved.Add(trial with { Options = trial.Options with { Backbone = from.Options.Backbone, Weights = from.Options.Weights }, Start = from.Start });
        }

        return resolved;
    }

    private sealed record PlannedTrial(SearchTrial Trial, FineTuneOptions Options, InitialWeights? Start);
}
