using System.CommandLine;
using System.Globalization;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>distill DATA...</c>: a small network learns the features of trained ones.</summary>
internal sealed class DistillCommand
{
    private const int DefaultHeldOut = 10;
    private const string PackagePrefix = "package:";

    private static readonly DistillationOptions Default = new() { Teachers = [] };

    private readonly CliContext _context;
    private readonly Argument<string[]> _data = new("DATA") { Description = "Folders of images, each with one subfolder a class.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _teachers = new("--teacher") { Description = "A trained network, the side of what it sees in pixels, and its weights: a file, or what else --weights of train takes; several are learned side by side.", HelpName = "NAME[@SIZE]=WEIGHTS|package:NAME[@SIZE]" };
    private readonly Option<string?> _student = OptionFactory.Text("--student", "NAME", $"The network that learns. Default {Default.Student}.");
    private readonly Option<string?> _weights = OptionFactory.Text("--weights", "FILE", "The student's weights to start from. Default: fresh ones.");
    private readonly Option<string?> _out = OptionFactory.Text("--out", "FILE", "The weight file to write. Default STUDENT.safetensors.");
    private readonly Option<int?> _every = OptionFactory.Integer("--split-every", "Hold out every N-th file of each class, sorted by name; nothing when 0. Default 10.");
    private readonly Option<int?> _imageSize = OptionFactory.Integer("--image-size", "The side of what the student sees, in pixels. Default: the network's own.");
    private readonly Option<int?> _views = OptionFactory.Integer("--views", $"Random crops of every image. Default {Default.Views}.");
    private readonly Option<double?> _smallestCrop = OptionFactory.Number("--smallest-crop", "The smallest share of an image's area that a crop shows. Default 0.25.");
    private readonly Option<int?> _epochs = OptionFactory.Integer("--epochs", $"Number of epochs. Default {Default.Epochs}.");
    private readonly Option<int?> _batchSize = OptionFactory.Integer("--batch-size", $"Images per batch. Default {Default.BatchSize}.");
    private readonly Option<double?> _learningRate = OptionFactory.Number("--lr", "The largest learning rate. Default 0.002.");
    private readonly Option<double?> _weightDecay = OptionFactory.Number("--weight-decay", "Weight decay. Default 0.02.");
    private readonly Option<OptimizerKind?> _optimizer = OptionFactory.Choice<OptimizerKind>("--optimizer", "The optimizer. Default adamw.");
    private readonly Option<ScheduleKind?> _schedule = OptionFactory.Choice<ScheduleKind>("--schedule", "The learning rate over time. Default onecycle.");
    private readonly Option<long?> _seed = OptionFactory.LongInteger("--seed", "Seed for random operations. Default 42.");
    private readonly Option<bool> _single = new("--single") { Description = "Keep convolutions in 32 bits instead of 16." };

    private DistillCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var distill = new DistillCommand(context);
        var command = new Command("distill", "Trains a small network to see as larger, trained ones do; no labels are used. Writes weights for train --weights.");
        command.Add(distill._data);
        Option[] options =
        [
            distill._teachers, distill._student, distill._weights, distill._out, distill._every, distill._imageSize, distill._views, distill._smallestCrop, distill._epochs,
            distill._batchSize, distill._learningRate, distill._weightDecay, distill._optimizer, distill._schedule, distill._seed, distill._single,
            CommonOptions.Offline, .. CommonOptions.ComputeSet, CommonOptions.Json,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction(distill.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool half = !parsed.GetValue(_single);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        using WeightsCache cache = _context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        DistillationOptions options = Bind(parsed, await NameTeachersAsync(parsed, cache, cancellationToken).ConfigureAwait(false));
        _ = new DistillationTrainer(options);
        CommonOptions.TellDevice(_context, parsed, options.Compute);
        (ImageDataset train, ImageDataset validation) = Open(parsed);
        options = options with { Teachers = await FindTeachersAsync(options.Teachers, resolver, isJson, cancellationToken).ConfigureAwait(false) };
        string path = parsed.GetValue(_out) ?? $"{options.Student}.safetensors";
        var trainer = new DistillationTrainer(options) { EpochCompleted = soFar => soFar.Save(path, half), Resolver = resolver };
        TextWriter people = _context.ProgressWriter(isJson);
        string teachers = string.Join(" and ", options.Teachers.Select(t => t.Backbone));
        string counts = FormattableString.Invariant($"{train.Count} training images, {validation.Count} held out");
        people.WriteLine(DisplayLine.Clean($"{options.Student} learns from {teachers}: {counts}"));
        using DistillationResult result = await trainer
            .FitAsync(train, validation, new DistillationView(_context, isJson), cancellationToken).ConfigureAwait(false);
        foreach (SkippedFile file in result.Skipped)
        {
            _context.Warn($"{file.Path}: {file.Reason}");
        }

        if (result.Epochs.Count > 0)
        {
            result.Save(path, half);
            people.WriteLine(DisplayLine.Clean($"weights: {path}"));
        }

        return result.IsCanceled ? ExitCode.Canceled : ExitCode.Success;
    }

    private DistillationOptions Bind(ParseResult parsed, IReadOnlyList<DistillationTeacher> teachers) => new()
    {
        Student = parsed.GetValue(_student) ?? Default.Student,
        Teachers = teachers,
        Weights = parsed.GetValue(_weights),
        ImageSize = parsed.GetValue(_imageSize),
        Views = parsed.GetValue(_views) ?? Default.Views,
        MinCropScale = parsed.GetValue(_smallestCrop) ?? Default.MinCropScale,
        Epochs = parsed.GetValue(_epochs) ?? Default.Epochs,
        BatchSize = parsed.GetValue(_batchSize) ?? Default.BatchSize,
        LearningRate = parsed.GetValue(_learningRate) ?? Default.LearningRate,
        WeightDecay = parsed.GetValue(_weightDecay) ?? Default.WeightDecay,
        Optimizer = parsed.GetValue(_optimizer) ?? Default.Optimizer,
        Schedule = parsed.GetValue(_schedule) ?? Default.Schedule,
        Seed = parsed.GetValue(_seed) ?? Default.Seed,
        Compute = CommonOptions.Compute(parsed, Default.Compute),
    };

    // Nothing is looked for yet: what else is wrong with the command line is said first.
    private async Task<IReadOnlyList<DistillationTeacher>> NameTeachersAsync(ParseResult parsed, WeightsCache cache, CancellationToken cancellationToken)
    {
        var named = new List<DistillationTeacher>();
        foreach (string text in parsed.GetValue(_teachers) ?? [])
        {
            (string? network, string weights, int? size) = ParseTeacher(text);
            BackbonePreview preview = await DefaultBackbone.PreviewAsync(cache, network, weights, cancellationToken).ConfigureAwait(false);
            named.Add(new DistillationTeacher(preview.Network, preview.Weights.ToString(), size));
        }

        return named;
    }

    // Before training begins, so that a restored package is shown as a download, and the record has its version.
    private async Task<IReadOnlyList<DistillationTeacher>> FindTeachersAsync(
        IReadOnlyList<DistillationTeacher> teachers, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        var found = new List<DistillationTeacher>();
        foreach (DistillationTeacher teacher in teachers)
        {
            InitialWeights? weights = await DownloadView
                .RunAsync(_context, isJson, progress => resolver.ResolveAsync(teacher.Backbone, teacher.Weights, progress, cancellationToken)).ConfigureAwait(false);
            found.Add(weights is null
                ? throw new UsageException($"--teacher: there is nothing to learn from {teacher.Backbone} without weights")
                : teacher with { Weights = weights.Selection.ToString() });
        }

        return found;
    }

    private static (string? Network, string Weights, int? Size) ParseTeacher(string text)
    {
        // A package says by itself which network it holds.
        bool isPackage = text.StartsWith(PackagePrefix, StringComparison.OrdinalIgnoreCase);
        string[] parts = isPackage ? [text] : text.Split('=', 2);
        string[] name = parts[0].Split('@', 2);
        int size = 0;
        bool isValid = (isPackage || parts.Length == 2) && name[0].Length > 0 && parts[^1].Length > 0
            && (name.Length == 1 || int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out size));
        return isValid
            ? (isPackage ? null : name[0], isPackage ? name[0] : parts[1], name.Length == 1 ? null : size)
            : throw new UsageException($"--teacher: expected NAME=FILE or NAME@SIZE=FILE, got '{text}'; a NuGet package is {PackagePrefix}NAME or {PackagePrefix}NAME@SIZE");
    }

    // Labels do not matter: all images share one.
    private (ImageDataset Train, ImageDataset Validation) Open(ParseResult parsed)
    {
        int every = parsed.GetValue(_every) ?? DefaultHeldOut;
        if (every is < 0 or 1)
        {
            throw new UsageException(FormattableString.Invariant($"--split-every: expected 0 or at least 2, got {every}"));
        }

        var train = new List<ImageSample>();
        var validation = new List<ImageSample>();
        foreach (string path in parsed.GetRequiredValue(_data))
        {
            ImageDataset images = ImageFolder.Open(path, new ImageFolderOptions { MinimumClasses = 1 }).Dataset;
            (ImageDataset learned, ImageDataset? held) = every == 0 ? (images, null) : images.HoldOutEveryNth(every);
            train.AddRange(learned.Samples);
            validation.AddRange(held?.Samples ?? []);
        }

        static ImageDataset Unlabeled(IEnumerable<ImageSample> samples) => new(["image"], samples.Select(s => s with { Label = 0 }));
        return (Unlabeled(train), Unlabeled(validation));
    }
}
