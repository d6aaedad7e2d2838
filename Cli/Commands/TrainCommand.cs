using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Datasets;
using MLClassify.Networks.Pretrained;
using MLClassify.Trainers;

namespace MLClassify.Cli.Commands;

/// <summary><c>train DATA</c>: fine-tunes a network on a folder of pictures.</summary>
internal sealed class TrainCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _data = Make.Argument("DATA", "A folder with one subfolder a class, or with train/ and val/.");
    private readonly SplitOptions _split = new();
    private readonly TrainingOptions _training = new();
    private readonly Option<string?> _out = Make.Text("--out", "DIR", "The run's folder. Default runs/NAME, after the data's folder.");

    private TrainCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var train = new TrainCommand(context);
        var command = new Command("train", "Trains a classifier on a folder of pictures.");
        command.Add(train._data);
        train._split.AddTo(command, withValidation: true);
        command.Add(train._out);
        train._training.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(train.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        FineTuneOptions options = _training.Bind(parsed, parsed.GetValue(_split.Seed));
        _ = new FineTuneTrainer(options);
        string data = parsed.GetRequiredValue(_data);
        ImageFolder folder = ImageFolder.Open(data);
        (ImageDataset train, ImageDataset validation) = _split.ForTraining(parsed, folder);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        (options, StartingWeights? start) = await StartAsync(parsed, options, resolver, isJson, cancellationToken).ConfigureAwait(false);
        string path = parsed.GetValue(_out) ?? Path.Combine("runs", Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Root)));
        var work = new TrainingWork(_context, isJson)
        {
            Resolver = resolver,
            Start = start,
            Folder = folder,
            Train = train,
            Validation = validation,
            Data = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["folder"] = folder.Root,
                ["val"] = parsed.GetValue(_split.Validation),
                ["split"] = parsed.GetValue(_split.Fraction),
                ["split_every"] = parsed.GetValue(_split.Every),
            },
        };
        using TrainingResult result = await work.RunAsync(options, RunFolder.Create(path), cancellationToken).ConfigureAwait(false);
        return result.IsCancelled ? ExitCode.Cancelled : ExitCode.Success;
    }

    // Before there is a run: weights that cannot be had leave no folder behind, and the run's record says which they were.
    private async Task<(FineTuneOptions Options, StartingWeights? Start)> StartAsync(
        ParseResult parsed, FineTuneOptions options, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        StartingWeights? start;
        if (_training.IsOpen(parsed))
        {
            BackboneChoice choice = await DownloadView.RunAsync(
                _context, isJson, progress => DefaultBackbone.ChooseAsync(resolver, progress, cancellationToken)).ConfigureAwait(false);
            _context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean($"no --backbone: {choice.Reason}"));
            options = options with { Backbone = choice.Network };
            start = choice.Weights;
        }
        else
        {
            start = await DownloadView.RunAsync(
                _context,
                isJson,
                progress => resolver.ResolveAsync(options.Backbone, options.Weights, progress, cancellationToken)).ConfigureAwait(false);
        }

        return (options with { Weights = start?.Selection }, start);
    }
}
