using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Common;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.Cli.Commands;

/// <summary><c>export MODEL --onnx FILE</c>: writes a model for other programs.</summary>
internal sealed class ExportCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _model = OptionFactory.Argument("MODEL", "A model file.");
    private readonly Option<string?> _onnx = OptionFactory.Text("--onnx", "FILE", "The ONNX file to write.");
    private readonly Option<OnnxLayout?> _layout = OptionFactory.Choice<OnnxLayout>("--layout", "The input's layout. Default nchw.");
    private readonly Option<string?> _range = OptionFactory.Text("--range", "RANGE", "The input's largest value, 255 or 1; or normalized: without normalization inside the file. Default 255.");
    private readonly Option<bool> _noSoftmax = new("--no-softmax") { Description = "Give logits instead of probabilities." };

    private readonly Option<int?> _opset = OptionFactory.Integer(
        "--opset",
        FormattableString.Invariant($"The version of ONNX's operators, {OnnxExportOptions.MinimumOpset} to {OnnxExportOptions.MaximumOpset}. Default {OnnxExportOptions.MinimumOpset}."));

    private ExportCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var export = new ExportCommand(context);
        var command = new Command("export", "Writes a model as an ONNX file, normalization and labels inside.");
        command.Add(export._model);
        command.Add(export._onnx);
        command.Add(export._layout);
        command.Add(export._range);
        command.Add(export._noSoftmax);
        command.Add(export._opset);
        command.SetAction(export.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_onnx) ?? throw new UsageException("say where to with --onnx FILE");
        var options = new OnnxExportOptions
        {
            Layout = parsed.GetValue(_layout) ?? OnnxLayout.Nchw,
            Range = parsed.GetValue(_range) switch
            {
                null or "255" => OnnxRange.Bytes,
                "1" => OnnxRange.Unit,
                "normalized" => OnnxRange.Normalized,
                string other => throw new UsageException($"--range: expected 255, 1 or normalized, got '{other}'"),
            },
            Softmax = !parsed.GetValue(_noSoftmax),
            Opset = parsed.GetValue(_opset) ?? OnnxExportOptions.MinimumOpset,
        };
        options.Validate();
        string model = parsed.GetRequiredValue(_model);
        if (Path.GetFullPath(model) == Path.GetFullPath(path))
        {
            throw new UsageException("--onnx: the file would replace the model");
        }

        using ImageClassifier classifier = ImageClassifier.Load(model, CommonOptions.OnTheProcessor);
        classifier.ExportOnnx(path, options);
        long bytes = new FileInfo(path).Length;
        _context.Output.WriteLine(DisplayLine.Clean(FormattableString.Invariant(
            $"{path}: {classifier.Network.Name}, {classifier.Labels.Count} classes, opset {options.Opset}, {bytes / 1e6:F1} MB")));
        return ExitCode.Success;
    }
}
