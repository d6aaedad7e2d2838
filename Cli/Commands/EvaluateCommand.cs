using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary><c>evaluate MODEL... DATA</c>: measures classifiers on labeled images.</summary>
internal sealed class EvaluateCommand
{
    private readonly CliContext _context;
    private readonly Argument<string[]> _paths = OptionFactory.Arguments(
        "[MODEL...] DATA", "Model files or ONNX files, unless --weights is given, and a folder with one subfolder a class.");

    private readonly SplitOptions _split = new();
    private readonly BareWeightsOptions _bare = new();
    private readonly Option<string?> _out = OptionFactory.Text(
        "--out", "DIR", "Where report.html, metrics.json, predictions.csv and the confusion matrix go; of several models, into a subfolder each. Default: nowhere.");

    private readonly Option<bool> _all = new("--all") { Description = "Measure on all images, also on those that the model was trained on. Default: without these, where the folder has no part of its own." };
    private readonly TestTimeOptions _views = new();

    private EvaluateCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var evaluate = new EvaluateCommand(context);
        var command = new Command("evaluate", "Measures classifiers on a folder of images: its test or validation part where it has one.");
        command.Add(evaluate._paths);
        evaluate._split.AddTo(command, withValidation: false);
        command.Add(evaluate._all);
        evaluate._bare.AddTo(command);
        evaluate._views.AddTo(command);
        command.Add(CommonOptions.Offline);
        command.Add(evaluate._out);
        CommonOptions.AddCompute(command);
        command.Add(CommonOptions.Json);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => evaluate.RunAsync(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        string[] paths = parsed.GetRequiredValue(_paths);
        bool isBare = _bare.IsGiven(parsed);
        if (isBare ? paths.Length != 1 : paths.Length < 2)
        {
            throw new UsageException(isBare
                ? "with --weights, give the data's folder alone"
                : $"give a model file and the data's folder: {PathRoles.Missing(parsed.CommandResult, paths)}");
        }

        PathRoles.Check(parsed, paths.Length == 2 ? paths[..^1] : [], [paths[^1]]);

        ImageFolder folder = _split.Open(parsed, paths[^1]);
        (ImageDataset images, string what) = _split.ForEvaluation(parsed, folder, cancellationToken);
        if (!isBare && ReferenceEquals(images, folder.Dataset) && !parsed.GetValue(_all))
        {
            (images, what) = HeldOut(images, what, paths[..^1], cancellationToken);
        }

        void Announce() => _context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean(FormattableString.Invariant($"{folder.Root}, {what}: {images.Count} images")));
        var measurement = new Measurement(_context) { Folder = folder, Images = images, What = what, Views = _views.Of(parsed) };
        ComputeOptions compute = CommonOptions.Compute(parsed);
        CommonOptions.TellDevice(_context, parsed, compute);
        string? output = parsed.GetValue(_out);
        if (paths.Length > 2)
        {
            Announce();
            return MeasureAll(parsed, measurement, paths[..^1], cancellationToken);
        }

        using ImageClassifier classifier = isBare
            ? await _bare.LoadAsync(_context, parsed, folder.ClassNames, cancellationToken).ConfigureAwait(false)
            : ImageClassifier.Load(paths[0], compute, folder.ClassNames);
        Announce();
        string? start = ModelOrigin.Of(classifier);
        TellOrigin("the model", start, isJson);

        EvaluationResult measured = measurement.Run(classifier, name: null, cancellationToken);
        if (output is not null)
        {
            measurement.Write(output, isBare ? "evaluation" : ReportFolder.NamesOf([paths[0]])[0], measured, start);
        }

        _context.Output.WriteLine(isJson ? MetricsFile.ToJson(measured) : measured.ToString());
        return ExitCode.Success;
    }

    private void TellOrigin(string model, string? start, bool isJson)
    {
        if (start is not null)
        {
            _context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean($"{model} began with {start}"));
        }
    }

    // What a model was trained on says nothing about it; several models are measured on the same images.
    private static (ImageDataset Images, string What) HeldOut(ImageDataset images, string what, string[] models, CancellationToken cancellationToken)
    {
        ImageDataset unseen = images;
        foreach (string model in models)
        {
            unseen = ReadTrainingImages(model)?.Unseen(unseen, cancellationToken) ?? unseen;
        }

        return unseen.Count == images.Count || unseen.Count == 0
            ? (images, what)
            : (unseen, FormattableString.Invariant($"those of its {images.Count} images that {(models.Length == 1 ? "the model was not" : "no model was")} trained on"));
    }

    // A file that is none is an error where it is measured.
    private static TrainingImages? ReadTrainingImages(string model)
    {
        try
        {
            return ImageClassifier.ReadTrainingImages(model);
        }
        catch (Exception e) when (e is IOException or InvalidWeightsException or NotSupportedException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // One bad file, or one model of other classes, does not stop the others.
    private int MeasureAll(ParseResult parsed, Measurement measurement, string[] models, CancellationToken cancellationToken)
    {
        var view = new MeasurementView(_context, parsed.GetValue(CommonOptions.Json), ReportFolder.NamesOf(models));
        string? output = parsed.GetValue(_out);
        ComputeOptions compute = CommonOptions.Compute(parsed);
        for (int i = 0; i < models.Length; i++)
        {
            EvaluationResult measured;
            string? start;
            try
            {
                using ImageClassifier classifier = ImageClassifier.Load(models[i], compute, measurement.Folder.ClassNames);
                start = ModelOrigin.Of(classifier);
                measured = measurement.Run(classifier, view.Names[i], cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                view.Failed(i, models[i], e, parsed.GetValue(CommonOptions.Verbose));
                continue;
            }

            if (output is not null)
            {
                measurement.Write(Path.Combine(output, view.Names[i]), view.Names[i], measured, start);
            }

            view.Done(i, models[i], measured);
            TellOrigin(view.Names[i], start, parsed.GetValue(CommonOptions.Json));
        }

        view.End();
        return view.Failures == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
