using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>lr-find DATA</c>: how the loss depends on the learning rate, and which to take.</summary>
internal sealed class LearningRateCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _data = OptionFactory.Argument("DATA", "A folder with one subfolder a class, or with train/ and val/.");
    private readonly SplitOptions _split = new();
    private readonly TrainingOptions _training = new();
    private readonly Option<double?> _from = OptionFactory.Number("--from-lr", "The first rate. Default 1e-6.");
    private readonly Option<double?> _to = OptionFactory.Number("--to-lr", "The last rate. Default 10.");
    private readonly Option<int?> _steps = OptionFactory.Integer("--steps", "Steps from one to the other. Default 100.");
    private readonly Option<string?> _out = OptionFactory.Text("--out", "FILE", "Where the curve goes, as SVG. Default lr-find.svg.");

    private LearningRateCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var find = new LearningRateCommand(context);
        var command = new Command("lr-find", "Finds a learning rate: trains for some steps with one that rises, draws the loss, and suggests one.");
        command.Add(find._data);
        find._split.AddTo(command, withValidation: true);
        command.Add(find._from);
        command.Add(find._to);
        command.Add(find._steps);
        command.Add(find._out);
        find._training.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(find.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        DataSelection data = _split.Bind(parsed, parsed.GetRequiredValue(_data));
        FineTuneOptions options = _training.Bind(parsed, data.Seed);
        CommonOptions.TellDevice(_context, parsed, options.Compute);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        (options, _) = await TrainingOptions.StartAsync(_context, options, resolver, isJson, cancellationToken).ConfigureAwait(false);
        var finder = new LearningRateFinder(options)
        {
            From = parsed.GetValue(_from) ?? 1e-6,
            To = parsed.GetValue(_to) ?? 10,
            Steps = parsed.GetValue(_steps) ?? 100,
            Resolver = resolver,
        };
        TrainingData images = data.Open(cancellationToken);
        TextWriter people = _context.ProgressWriter(isJson);
        images.Tell(people);
        int step = 0;
        var progress = new Steps(point =>
        {
            if (++step % 10 == 0)
            {
                people.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}/{finder.Steps}  lr {point.LearningRate:0.0e0}  loss {point.Smoothed:0.0000}"));
            }
        });
        LearningRateCurve curve = await finder.RunAsync(images.Train, progress, cancellationToken).ConfigureAwait(false);
        string file = parsed.GetValue(_out) ?? "lr-find.svg";
        if (curve.Points.Count >= 2)
        {
            LearningRatePlot.Write(file, [.. curve.Points.Select(p => (p.LearningRate, p.Loss, p.Smoothed))], curve.Suggestion);
        }

        Report(curve, file, isJson);
        return curve.IsCanceled ? ExitCode.Canceled : ExitCode.Success;
    }

    private void Report(LearningRateCurve curve, string file, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(_context.Output, new { curve.Suggestion, curve.Diverged, Points = curve.Points.Select(p => new { Lr = p.LearningRate, p.Loss, p.Smoothed }) });
            return;
        }

        _context.Output.WriteLine(curve.Suggestion is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"suggestion: --lr {rate:g2}")
            : "no rate made the loss fall; more --steps, or another range (--from-lr, --to-lr), may show more");
        if (!curve.Diverged && !curve.IsCanceled)
        {
            _context.Output.WriteLine("the loss stayed within bounds to the end: a larger --to-lr may show more");
        }

        if (curve.Points.Count >= 2)
        {
            _context.Output.WriteLine(DisplayLine.Clean($"curve: {file}"));
        }
    }

    private sealed class Steps(Action<LearningRatePoint> action) : IProgress<LearningRatePoint>
    {
        public void Report(LearningRatePoint value) => action(value);
    }
}
