using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Imaging;
using MLClassify.Models;

namespace MLClassify.Cli.Commands;

/// <summary><c>explain MODEL IMAGE|DIR...</c>: draws over a photo where the network found its class.</summary>
internal sealed class ExplainCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _model = OptionFactory.Argument("MODEL", "A model file, or an ONNX file.");
    private readonly Argument<string[]> _images = OptionFactory.Arguments("IMAGE|DIR", "Image files, or folders of them at any depth.");
    private readonly Option<string?> _class = OptionFactory.Text("--class", "NAME", "The class to look for. Default: the likeliest of each image.");

    private readonly Option<string?> _out = OptionFactory.Text(
        "--out", "FILE|DIR", "Where to: a .png or .jpg file, or a folder for several. Default NAME.explain.png here, or the folder explanations.");

    private readonly Option<double?> _alpha = OptionFactory.Number("--alpha", "How much of the photo the hottest places cover, 0 to 1. Default 0.6.");

    private ExplainCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var explain = new ExplainCommand(context);
        var command = new Command("explain", "Draws a heat map over a photo: where the network found its class (Grad-CAM).");
        command.Add(explain._model);
        command.Add(explain._images);
        command.Add(explain._class);
        command.Add(explain._out);
        command.Add(explain._alpha);
        CommonOptions.AddCompute(command);
        command.Add(CommonOptions.Json);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => explain.Run(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new HeatMapOptions();
        if (parsed.GetValue(_alpha) is { } alpha)
        {
            options = alpha is >= 0 and <= 1
                ? options with { Alpha = alpha }
                : throw new UsageException(FormattableString.Invariant($"--alpha: expected a number from 0 to 1, got {alpha}"));
        }

        PathRoles.Check(parsed, [parsed.GetRequiredValue(_model)], parsed.GetRequiredValue(_images));
        IReadOnlyList<ExplainedFile> files = ExplainedFile.Plan(parsed.GetRequiredValue(_images), parsed.GetValue(_out));
        string? className = parsed.GetValue(_class);
        ComputeOptions compute = CommonOptions.Compute(parsed);
        CommonOptions.TellDevice(_context, parsed, compute);
        using ImageClassifier classifier = ImageClassifier.Load(parsed.GetRequiredValue(_model), compute);
        if (className is not null && !classifier.Labels.Contains(className, StringComparer.Ordinal))
        {
            throw new UsageException($"--class: there is no '{className}'{Suggestion.Perhaps(className, classifier.Labels)}; the classes are {string.Join(", ", classifier.Labels.Take(20))}{(classifier.Labels.Count > 20 ? ", ..." : "")}");
        }

        int failed = 0;
        foreach (ExplainedFile file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            failed += Explain(classifier, file, className, options, parsed.GetValue(CommonOptions.Json)) ? 0 : 1;
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private bool Explain(ImageClassifier classifier, ExplainedFile file, string? className, HeatMapOptions options, bool isJson)
    {
        Explanation explanation;
        try
        {
            explanation = classifier.Explain(file.Image, className);
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            _context.Error.WriteLine($"error: {DisplayLine.Clean($"{file.Image}: {ErrorReport.ReasonOf(e)}")}");
            if (isJson)
            {
                JsonLine.Write(_context.Output, new { Path = file.Image, Error = ErrorReport.ReasonOf(e) });
            }

            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file.Output))!);
        explanation.Save(file.Output, options);
        if (explanation.Map.IsEmpty)
        {
            _context.Warn($"{file.Image}: nothing in the last map speaks for {explanation.Label}; no place is marked");
        }

        if (isJson)
        {
            Write(explanation, file);
        }
        else
        {
            Prediction prediction = explanation.Prediction;
            string best = prediction.Label == explanation.Label ? "" : $" (predicted {prediction.Label} {ProgressLine.Share(prediction.Score)})";
            _context.Output.WriteLine(DisplayLine.Clean($"{file.Image}: {explanation.Label} {ProgressLine.Share(explanation.Score)}{best}: {file.Output}"));
        }

        return true;
    }

    private void Write(Explanation explanation, ExplainedFile file)
    {
        HeatMap map = explanation.Map;
        JsonLine.Write(_context.Output, new
        {
            Path = file.Image,
            explanation.Label,
            explanation.Score,
            PredictedLabel = explanation.Prediction.Label,
            PredictedScore = explanation.Prediction.Score,
            File = file.Output,
            explanation.Layer,
            Seen = new { explanation.Region.X, explanation.Region.Y, explanation.Region.Width, explanation.Region.Height },
            map.IsEmpty,
            map.Peak,
            Map = map.Values.Select(v => Math.Round(v, 4)).Chunk(map.Width),
        });
    }
}
