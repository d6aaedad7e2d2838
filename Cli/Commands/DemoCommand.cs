using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.DemoData;
using MLClassify.Reports;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>demo</c>: paints a set of flowers, trains the embedded network's head on it, measures it and shows some predictions.</summary>
internal sealed class DemoCommand
{
    private const int DefaultImages = 200;
    private const int HeldOutEvery = 6;
    private const int ShownPredictions = 6;

    private readonly CliContext _context;
    private readonly RunFolderOptions _out = new("The run's folder. Default runs/demo, or a free name beside it.");
    private readonly Option<int?> _images = OptionFactory.Integer("--images", "Images of each kind. Default 200.");
    private readonly Option<long?> _seed = OptionFactory.LongInteger("--seed", "Decides images and training. Default 42.");

    private DemoCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var demo = new DemoCommand(context);
        var command = new Command("demo", "Paints flowers, trains the embedded network's head on them, measures it: under a minute, no download.");
        demo._out.AddTo(command);
        command.Add(demo._images);
        command.Add(demo._seed);
        CommonOptions.AddCompute(command);
        command.Add(CommonOptions.Json);
        command.SetAction(demo.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool isJson = parsed.GetValue(CommonOptions.Json);
        long seed = parsed.GetValue(_seed) ?? 42;
        int perClass = parsed.GetValue(_images) ?? DefaultImages;
        if (perClass < HeldOutEvery)
        {
            throw new UsageException(FormattableString.Invariant($"--images: expected at least {HeldOutEvery}, got {perClass}"));
        }

        TextWriter people = _context.ProgressWriter(isJson);
        ComputeOptions compute = CommonOptions.Compute(parsed);
        CommonOptions.TellDevice(_context, parsed, compute);
        (string path, ExistingRun existing) = _out.Bind(parsed, Path.Combine("runs", "demo"));
        RunFolder run = RunFolder.Create(path, existing);
        string images = Path.Combine(run.FullPath, "images");
        long start = _context.Time.GetTimestamp();
        try
        {
            people.WriteLine("painting flowers ...");
            people.Flush();
            int Paint() => DemoDataset.Write(images, perClass, unchecked((int)seed), null, cancellationToken);
            int count = await Task.Run(Paint, CancellationToken.None).ConfigureAwait(false);
            string painted = FormattableString.Invariant($"painted {count} flowers of {DemoDataset.Classes.Count} kinds");
            people.WriteLine(DisplayLine.Clean($"{painted} in {ProgressLine.Duration(_context.Time.GetElapsedTime(start))}: {images}"));
        }
        catch
        {
            run.Abandon();
            throw;
        }

        TrainingData data = new DataSelection { Folder = images, Every = HeldOutEvery, Seed = seed }.Open(cancellationToken);
        var options = new FineTuneOptions
        {
            Backbone = EmbeddedBackbone.Current.Network,
            Weights = WeightSelection.Embedded,
            Seed = seed,
            Compute = compute,
        };
        using WeightsCache cache = _context.OpenWeights(isOffline: true);
        var resolver = new WeightResolver(cache);
        var work = new TrainingWork(_context, isJson)
        {
            Start = await resolver.ResolveAsync(EmbeddedBackbone.Current.Network, options.Weights, null, cancellationToken).ConfigureAwait(false),
            Data = data,
        };
        using TrainingResult result = await work.RunAsync(options, run, cancellationToken).ConfigureAwait(false);
        bool isCanceled = result.IsCanceled;
        EvaluationResult? report = result.Validation;
        if (isCanceled)
        {
            return ExitCode.Canceled;
        }

        people.WriteLine();
        people.WriteLine(report?.ToString());
        Show(result.Classifier, data.Validation, people, cancellationToken);
        Suggest(run, images, people);
        return ExitCode.Success;
    }

    private static void Show(ImageClassifier classifier, ImageDataset validation, TextWriter people, CancellationToken cancellationToken)
    {
        int step = Math.Max(1, validation.Count / ShownPredictions);
        ImageSample[] samples = [.. validation.Samples.Where((_, i) => i % step == step / 2).Take(ShownPredictions)];
        people.WriteLine();
        IReadOnlyList<FilePrediction> predictions = classifier.Predict(samples.Select(s => s.Path), cancellationToken: cancellationToken);
        for (int i = 0; i < samples.Length; i++)
        {
            string found = predictions[i].Prediction?.ToString() ?? predictions[i].Error ?? "";
            people.WriteLine($"{Path.GetFileName(samples[i].Path)}: {found}");
        }
    }

    private static void Suggest(RunFolder run, string images, TextWriter people)
    {
        string model = Path.GetRelativePath(Environment.CurrentDirectory, run.BestWeights);
        string data = Path.GetRelativePath(Environment.CurrentDirectory, images);
        people.WriteLine();
        people.WriteLine(DisplayLine.Clean($"everything is in {run.FullPath}; next, try:"));
        people.WriteLine(DisplayLine.Clean($"  mlclassify predict {model} IMAGE"));
        people.WriteLine(FormattableString.Invariant($"  mlclassify evaluate {model} {data} --split-every {HeldOutEvery}"));
        people.WriteLine(FormattableString.Invariant($"  mlclassify train {data} --weights embedded --unfreeze all --epochs 20"));
    }
}
