using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary><c>predict MODEL IMAGE|DIR...</c>: classifies images.</summary>
internal sealed class PredictCommand
{
    // Results of earlier files appear while later ones are computed.
    private const int Piece = 256;

    private readonly CliContext _context;
    private readonly Argument<string> _model = OptionFactory.Argument("MODEL", "A model file, or an ONNX file.");
    private readonly Argument<string[]> _images = OptionFactory.Arguments("IMAGE|DIR", "Image files, or folders of them at any depth.");
    private readonly Option<int?> _top = OptionFactory.Integer("--top", "How many classes to name. Default 5.");
    private readonly Option<string?> _csv = OptionFactory.Text("--csv", "FILE", "Write a table instead.");

    private readonly TestTimeOptions _views = new();

    private PredictCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var predict = new PredictCommand(context);
        var command = new Command("predict", "Classifies images.");
        command.Add(predict._model);
        command.Add(predict._images);
        command.Add(predict._top);
        command.Add(predict._csv);
        predict._views.AddTo(command);
        CommonOptions.AddCompute(command);
        command.Add(CommonOptions.Json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(predict._csv) is not null && result.GetResult(CommonOptions.Json) is { Implicit: false })
            {
                result.AddError("--json and --csv exclude each other");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() => predict.Run(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        int top = parsed.GetValue(_top) ?? 5;
        if (top < 1)
        {
            throw new UsageException($"--top: expected at least 1, got {top.ToString(CultureInfo.InvariantCulture)}");
        }

        TestTimeViews views = _views.Of(parsed);
        PathRoles.Check(parsed, [parsed.GetRequiredValue(_model)], parsed.GetRequiredValue(_images));
        string[] files = [.. parsed.GetRequiredValue(_images).SelectMany(ImageFiles.Find)];
        ComputeOptions compute = CommonOptions.Compute(parsed);
        CommonOptions.TellDevice(_context, parsed, compute);
        using ImageClassifier classifier = ImageClassifier.Load(parsed.GetRequiredValue(_model), compute);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        string? csvFile = parsed.GetValue(_csv);
        int failed = 0;
        if (csvFile is not null)
        {
            PredictionsFile.Write(csvFile, Results(), Math.Min(top, classifier.Labels.Count));
        }
        else
        {
            foreach (FilePrediction result in Results())
            {
                Show(result, top, isJson);
            }
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;

        IEnumerable<FilePrediction> Results()
        {
            foreach (FilePrediction result in files.Chunk(Piece).SelectMany(piece => classifier.Predict(piece, views, cancellationToken)))
            {
                if (result.Prediction is null)
                {
                    failed++;
                    _context.Error.WriteLine($"error: {DisplayLine.Clean($"{result.Path}: {result.Error}")}");
                }

                yield return result;
            }
        }
    }

    private void Show(FilePrediction result, int top, bool isJson)
    {
        IReadOnlyList<ClassScore> scores = result.Prediction?.Top(top) ?? [];
        if (isJson)
        {
            JsonLine.Write(_context.Output, new
            {
                result.Path,
                result.Prediction?.Label,
                result.Prediction?.Score,
                Top = scores.Select(s => new { s.Label, s.Score }),
                result.Error,
            });
        }
        else if (result.Prediction is not null)
        {
            string classes = string.Join("  ", scores.Select(s => $"{s.Label} {ProgressLine.Share(s.Score)}"));
            _context.Output.WriteLine(DisplayLine.Clean($"{result.Path}: {classes}"));
        }
    }
}
