using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Files;
using MLClassify.Networks.Onnx;

namespace MLClassify.Cli.Commands;

/// <summary><c>evaluate MODEL DATA</c>: measures a classifier on labelled pictures.</summary>
internal sealed class EvaluateCommand
{
    private readonly CliContext _context;
    private readonly Argument<string[]> _paths = Make.Arguments("[MODEL] DATA", "A model file or an ONNX file, unless --weights is given, and a folder with one subfolder a class.");
    private readonly SplitOptions _split = new();
    private readonly BareWeightsOptions _bare = new();
    private readonly Option<string?> _out = Make.Text("--out", "DIR", "Where metrics.json, predictions.csv and the confusion matrix go. Default: nowhere.");

    private readonly TestTimeOptions _views = new();

    private EvaluateCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var evaluate = new EvaluateCommand(context);
        var command = new Command("evaluate", "Measures a classifier on a folder of pictures: its test or validation part where it has one.");
        command.Add(evaluate._paths);
        evaluate._split.AddTo(command, withValidation: false);
        evaluate._bare.AddTo(command);
        evaluate._views.AddTo(command);
        command.Add(CommonOptions.Offline);
        command.Add(evaluate._out);
        command.Add(CommonOptions.Threads);
        command.Add(CommonOptions.Json);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => evaluate.RunAsync(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        string[] paths = parsed.GetRequiredValue(_paths);
        bool isBare = _bare.IsGiven(parsed);
        if (paths.Length != (isBare ? 1 : 2))
        {
            throw new UsageException(isBare ? "with --weights, give the data's folder alone" : "give a model file and the data's folder");
        }

        ImageFolder folder = ImageFolder.Open(paths[^1], new ImageFolderOptions { MinimumClasses = 1 });
        (ImageDataset images, string what) = _split.ForEvaluation(parsed, folder);
        using ImageClassifier classifier = isBare
            ? await _bare.LoadAsync(_context, parsed, folder.ClassNames, cancellationToken).ConfigureAwait(false)
            : Load(paths[0], folder.ClassNames, parsed.GetValue(CommonOptions.Threads) ?? 0);
        _context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean(FormattableString.Invariant($"{folder.Root}: {what}, {images.Count} pictures")));

        ClassificationReport report = classifier.Evaluate(
            images, _views.Of(parsed), out IReadOnlyList<SkippedFile> skipped, progress: null, cancellationToken);
        if (skipped.Count > 0)
        {
            _context.Warn(FormattableString.Invariant($"{skipped.Count} files could not be read. First: {skipped[0].Path}: {skipped[0].Reason}"));
        }

        if (parsed.GetValue(_out) is { } output)
        {
            ReportFolder.Write(output, report, folder.Ignored.Concat(skipped).Select(s => (s.Path, s.Reason)));
            AtomicFile.WriteAllText(Path.Combine(output, "confusion_matrix.csv"), report.ConfusionMatrix.ToCsv());
        }

        _context.Output.WriteLine(isJson ? MetricsFile.ToJson(report) : report.ToString());
        return ExitCode.Success;
    }

    // An ONNX file that names no classes is taken to have the folder's, in their order.
    private static ImageClassifier Load(string path, IReadOnlyList<string> classes, int threads)
    {
        if (!OnnxNetwork.Matches(path))
        {
            return ImageClassifier.Load(path, threads);
        }

        bool hasLabels;
        using (OnnxNetwork network = OnnxNetwork.Open(path))
        {
            hasLabels = network.Metadata.ContainsKey("labels");
        }

        return ImageClassification.FromOnnx(path, hasLabels ? null : classes, threads: threads);
    }
}
