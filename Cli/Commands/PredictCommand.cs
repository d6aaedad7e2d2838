using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Common;
using MLClassify.Reports;

namespace MLClassify.Cli.Commands;

/// <summary><c>predict MODEL IMAGE|DIR...</c>: classifies pictures.</summary>
internal sealed class PredictCommand
{
    // Results of earlier files appear while later ones are computed.
    private const int Piece = 256;

    private readonly CliContext _context;
    private readonly Argument<string> _model = Make.Argument("MODEL", "A model file, or an ONNX file.");
    private readonly Argument<string[]> _images = Make.Arguments("IMAGE|DIR", "Picture files, or folders of them at any depth.");
    private readonly Option<int?> _top = Make.Integer("--top", "How many classes to name. Default 5.");
    private readonly Option<string?> _csv = Make.Text("--csv", "FILE", "Write a table instead.");

    private readonly TestTimeOptions _views = new();

    private PredictCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var predict = new PredictCommand(context);
        var command = new Command("predict", "Classifies pictures.");
        command.Add(predict._model);
        command.Add(predict._images);
        command.Add(predict._top);
        command.Add(predict._csv);
        predict._views.AddTo(command);
        command.Add(CommonOptions.Threads);
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
        string[] files = [.. parsed.GetRequiredValue(_images).SelectMany(PictureFiles.Find)];
        using ImageClassifier classifier = ImageClassifier.Load(parsed.GetRequiredValue(_model), parsed.GetValue(CommonOptions.Threads) ?? 0);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        string? csvFile = parsed.GetValue(_csv);
        PredictionTable? table = csvFile is null ? null : new PredictionTable(Math.Min(top, classifier.Labels.Count));
        int failed = 0;
        foreach (string[] piece in files.Chunk(Piece))
        {
            foreach (FilePrediction result in classifier.Predict(piece, views, cancellationToken))
            {
                failed += Show(result, top, isJson, table) ? 0 : 1;
            }
        }

        if (table is not null && csvFile is not null)
        {
            AtomicFile.WriteAllText(csvFile, table.ToString());
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private bool Show(FilePrediction result, int top, bool isJson, PredictionTable? table)
    {
        table?.Add(result);
        IReadOnlyList<ClassScore> scores = result.Prediction?.Top(top) ?? [];
        if (result.Prediction is not { } prediction)
        {
            _context.Error.WriteLine($"error: {DisplayLine.Clean($"{result.Path}: {result.Error}")}");
        }

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
        else if (table is null && result.Prediction is not null)
        {
            string classes = string.Join("  ", scores.Select(s => $"{s.Label} {ProgressLine.Share(s.Score)}"));
            _context.Output.WriteLine(DisplayLine.Clean($"{result.Path}: {classes}"));
        }

        return result.Prediction is not null;
    }

    /// <summary>A row a file: its path, the likeliest classes with their probabilities, and the reason where there are none.</summary>
    private sealed class PredictionTable
    {
        private readonly Csv _csv = new();
        private readonly int _top;

        public PredictionTable(int top)
        {
            _top = top;
            IEnumerable<string> columns = Enumerable.Range(1, top).SelectMany(Columns);
            _csv.Row(["path", .. columns, "error"]);
        }

        public void Add(FilePrediction result)
        {
            IReadOnlyList<ClassScore> scores = result.Prediction?.Top(_top) ?? [];
            _csv.Text(result.Path);
            for (int i = 0; i < _top; i++)
            {
                _csv.Text(i < scores.Count ? scores[i].Label : "");
                _csv.Number(i < scores.Count ? Math.Round(scores[i].Score, 6) : null);
            }

            _csv.Text(result.Error ?? "");
            _csv.EndRow();
        }

        public override string ToString() => _csv.ToString();

        private static IEnumerable<string> Columns(int place)
        {
            string suffix = place == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{place}");
            return [$"label{suffix}", $"score{suffix}"];
        }
    }
}
