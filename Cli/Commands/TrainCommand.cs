using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Reports;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>train DATA</c>: fine-tunes a network on a folder of images.</summary>
internal sealed class TrainCommand
{
    private readonly CliContext _context;
    private readonly Argument<string?> _data = OptionFactory.OptionalArgument("DATA", "A folder with one subfolder a class, or with train/ and val/; unless --resume is given.");
    private readonly SplitOptions _split = new();
    private readonly EstimateOptions _estimate = new("Before the training itself, train and measure N times on N folds of the images: every image is measured once, by a model that did not see it. For small sets.");
    private readonly TrainingOptions _training = new();
    private readonly RunFolderOptions _out = new("The run's folder. Default runs/NAME, after the data's folder, or a free name beside it.");
    private readonly Option<string?> _resume = OptionFactory.Text("--resume", "RUN", "Go on with an interrupted run, with its own data and options: the result is that of a run without the interruption.");

    private TrainCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var train = new TrainCommand(context);
        var command = new Command("train", "Trains a classifier on a folder of images.");
        command.Add(train._data);
        train._split.AddTo(command, withValidation: true);
        train._estimate.AddTo(command);
        train._out.AddTo(command);
        command.Add(train._resume);
        train._training.AddTo(command);
        command.Add(CommonOptions.TensorBoard);
        command.Add(CommonOptions.Json);
        command.Validators.Add(result =>
        {
            Option[] allowed = [train._resume, .. CommonOptions.ComputeSet, CommonOptions.Json, CommonOptions.Verbose, CommonOptions.Offline, CommonOptions.TensorBoard];
            bool resumes = result.GetResult(train._resume) is not null;
            string? other = result.GetValue(train._data) is not null ? "DATA"
                : command.Options.Except(allowed).FirstOrDefault(o => result.GetResult(o) is { Implicit: false })?.Name;
            if (resumes && other is not null)
            {
                result.AddError($"--resume and {other} exclude each other: the run's own data and options hold");
            }
            else if (!resumes && result.GetValue(train._data) is null)
            {
                result.AddError("give the data's folder, or --resume with a run's");
            }
        });
        command.SetAction(train.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        Planned planned = parsed.GetValue(_resume) is { } interrupted
            ? await GoOnAsync(parsed, RunFolder.Open(interrupted), resolver, isJson, cancellationToken).ConfigureAwait(false)
            : await BeginAsync(parsed, resolver, isJson, cancellationToken).ConfigureAwait(false);
        var work = new TrainingWork(_context, isJson)
        {
            Start = planned.Start,
            Data = planned.Data,
            TensorBoard = parsed.GetValue(CommonOptions.TensorBoard),
            Resumes = planned.Resumes,
        };
        using TrainingResult result = await work.RunAsync(planned.Options, planned.Run, cancellationToken).ConfigureAwait(false);
        return result.IsCanceled ? ExitCode.Canceled : ExitCode.Success;
    }

    private async Task<Planned> BeginAsync(ParseResult parsed, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        DataSelection selection = _estimate.Bind(parsed, _split.Bind(parsed, parsed.GetValue(_data) ?? ""));
        FineTuneOptions options = _training.Bind(parsed, selection.Seed);
        _ = new FineTuneTrainer(options);
        CommonOptions.TellDevice(_context, parsed, options.Compute);
        TrainingData data = selection.Open(cancellationToken);
        (options, InitialWeights? start) = await TrainingOptions.StartAsync(_context, options, resolver, isJson, cancellationToken).ConfigureAwait(false);
        (string path, ExistingRun existing) = _out.Bind(parsed, Path.Combine("runs", Path.GetFileName(Path.TrimEndingDirectorySeparator(data.Folder.Root))));
        return new Planned(options, data, start, RunFolder.Create(path, existing), Resumes: false);
    }

    private async Task<Planned> GoOnAsync(ParseResult parsed, RunFolder run, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        if (File.Exists(run.LastWeights) && !File.Exists(run.Checkpoint))
        {
            throw new UsageException($"--resume: {run.FullPath} is finished; 'train --from' goes on from its model");
        }

        string file = Path.Combine(run.FullPath, RunFolder.Arguments);
        RunArguments arguments = RunArguments.Read(file);
        FineTuneOptions options = arguments.Options with
        {
            Compute = CommonOptions.Compute(parsed, arguments.Options.Compute),

            // Runs from before there was a choice chose by accuracy, whatever else they asked for.
            Monitor = arguments.Options.Optimizer.Kind == OptimizerKind.Lbfgs ? null : arguments.Options.Monitor ?? MonitoredMetric.Accuracy,
        };
        CommonOptions.TellDevice(_context, parsed, options.Compute);
        _ = new FineTuneTrainer(options);
        TrainingData data = DataSelection.From(arguments, file).Open(cancellationToken);
        (options, InitialWeights? start) = await TrainingOptions.StartAsync(_context, options, resolver, isJson, cancellationToken).ConfigureAwait(false);
        return new Planned(options, data, start, run, Resumes: true);
    }

    private sealed record Planned(FineTuneOptions Options, TrainingData Data, InitialWeights? Start, RunFolder Run, bool Resumes);
}
