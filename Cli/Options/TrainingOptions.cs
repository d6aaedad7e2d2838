using System.CommandLine;
using MLClassify.Cli.Output;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Options;

/// <summary>The settings of a training run.</summary>
internal sealed class TrainingOptions
{
    private static readonly FineTuneOptions Default = new();

    private readonly Option<string?> _backbone = OptionFactory.Text("--backbone", "NAME", $"The network; 'backbones list' shows all. Default: that of --weights; without both {DefaultBackbone.Preferred}, where its weights are here or can be fetched, else Microsoft's ResNet-18 package, else the embedded network.");
    private readonly Option<string?> _weights = OptionFactory.Text("--weights", "pretrained|package:NAME|embedded|none|FILE", "What to start from; none for random initialization, pretrained:v2 for another version, package: for a NuGet package. Default: published weights, or a package, or the embedded network.", text => WeightSelection.Parse(text));
    private readonly Option<string?> _from = OptionFactory.Text("--from", "MODEL", "Start from this model instead of a backbone: an ONNX file or a model file; its last layer is replaced.");
    private readonly Option<HeadKind?> _head = OptionFactory.Choice<HeadKind>("--head", "The head (classifier) that follows the features. Default native, or linear for the head alone where the native one is none.");
    private readonly Option<int?> _headWidth = OptionFactory.Integer("--head-width", $"The width of a hidden head's layer. Default {NetworkOptions.DefaultHeadWidth}.");
    private readonly Option<TrainableLayers?> _unfreeze = OptionFactory.Choice<TrainableLayers>("--unfreeze", "What is trained. Default: the head with weights, all without.");
    private readonly Option<int?> _epochs = OptionFactory.Integer("--epochs", "Number of epochs; asks for steps where the head alone is trained, whose default is 30 then. Default 10 otherwise.");
    private readonly Option<int?> _batchSize = OptionFactory.IntegerOrAuto("--batch-size", $"Images per batch; auto finds the largest power of two up to 256 that fits into the device's memory. Default {Default.BatchSize}.");
    private readonly Option<double?> _learningRate = OptionFactory.Number("--lr", "The head's learning rate. Default 0.01 for sgd, else 0.001.");
    private readonly Option<double?> _backboneRate = OptionFactory.Number("--backbone-lr", "The backbone's learning rate. Default: a tenth of --lr with weights, else --lr.");
    private readonly Option<OptimizerKind?> _optimizer = OptionFactory.Choice<OptimizerKind>("--optimizer", "The optimizer; lbfgs solves a linear head, without epochs or rates. Default for the head alone: lbfgs, or adam where epochs, rates, dropout or mixup ask for steps; else sgd.");
    private readonly Option<ScheduleKind?> _schedule = OptionFactory.Choice<ScheduleKind>("--schedule", "The learning rate over time. Default cosine.");
    private readonly Option<double?> _momentum = OptionFactory.Number("--momentum", "SGD's momentum. Default 0.9.");
    private readonly Option<double?> _weightDecay = OptionFactory.Number("--weight-decay", "Weight decay. Default 0.0001.");
    private readonly Option<double?> _labelSmoothing = OptionFactory.Number("--label-smoothing", "The share of the target spread over all classes. Default 0.");
    private readonly Option<double?> _dropout = OptionFactory.Number("--dropout", "Dropout's probability. Default: 0.5 in a hidden head, else none for the head alone, else the network's own.");
    private readonly Option<string?> _augment = OptionFactory.Text("--augment", "POLICY", $"The augmentation of training images: {string.Join(", ", AugmentationPolicy.KnownNames.Select(n => n.Name))}, or parts such as crop:0.5,flip,rotate:15. Default standard where the whole network is trained; the head alone is trained on the features of the center crop, without any.", text => AugmentationPolicy.Parse(text));
    private readonly Option<Mirroring?> _mirror = OptionFactory.Choice<Mirroring>("--mirror", "Whether training images are mirrored where the augmentation mirrors. Default: as --augment says where it is given, else measured on training images, and off where mirrored ones are taken for another class.");
    private readonly Option<int?> _imageSize = OptionFactory.Integer("--image-size", "The side of what the network sees, in pixels. Default: the network's own.");
    private readonly Option<NormalizationKind?> _normalize = OptionFactory.Choice<NormalizationKind>("--normalize", "How pixels are normalized. Default imagenet.");
    private readonly Option<ImageFit?> _fit = OptionFactory.Choice<ImageFit>("--fit", "How an image becomes the network's square: its central part, all of it squashed, or all of it between borders. Default: as the weights were measured, mostly crop.");
    private readonly Option<MonitoredMetric?> _monitor = OptionFactory.Choice<MonitoredMetric>("--monitor", "The figure of the held-out images by which the best epoch is chosen. Default balanced with --class-weights or --balanced-sampling, else accuracy.");
    private readonly Option<int?> _patience = OptionFactory.Integer("--patience", "Stop after this many epochs without a better result. Default 0: never.");

    private readonly Option<string?> _preset = OptionFactory.Word("--recipe", TrainingRecipe.Names, "Defaults that belong together: alexnet from scratch as its paper did, or networks for 32x32 pixels. Other options change them.");
    private readonly RecipeOptions _recipe = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _backbone, _weights, _from, _head, _headWidth, _unfreeze, _epochs, _batchSize, _learningRate, _backboneRate, _optimizer, _schedule,
            _momentum, _weightDecay, _labelSmoothing, _dropout, _augment, _mirror, _imageSize, _fit, _normalize, _monitor, _patience, CommonOptions.Offline,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        CommonOptions.AddCompute(command);
        command.Add(_preset);
        _recipe.AddTo(command);

        command.Validators.Add(result =>
        {
            Option? other = new Option[] { _backbone, _weights, _normalize, _head, _headWidth }.FirstOrDefault(o => result.GetResult(o) is not null);
            if (other is not null && result.GetResult(_from) is not null)
            {
                result.AddError($"--from and {other.Name} exclude each other: a model is whole");
            }

            if (result.GetResult(_headWidth) is not null && (result.GetResult(_head) is not { Errors: var errors } || (!errors.Any() && result.GetValue(_head) != HeadKind.Mlp)))
            {
                result.AddError("--head-width needs --head hidden");
            }
        });
    }

    /// <summary>The same command line with some of these options set otherwise.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">Options, without dashes, and their values.</param>
    /// <exception cref="UsageException">An option is not one of training's, or its value is not valid.</exception>
    public ParseResult With(ParseResult parsed, IReadOnlyList<(string Option, string Value)> settings)
    {
        var command = new Command("train");
        AddTo(command);
        var arguments = new List<string>();
        foreach (Option option in command.Options)
        {
            if (settings.All(s => $"--{s.Option}" != option.Name) && parsed.GetResult(option) is { Implicit: false } result)
            {
                arguments.Add(option.Name);
                arguments.AddRange(result.Tokens.Select(t => t.Value));
            }
        }

        foreach ((string name, string value) in settings)
        {
            if (command.Options.All(o => o.Name != $"--{name}"))
            {
                throw new UsageException($"--vary: training has no option '{name}'{Suggestion.ForOption(name, command)}");
            }

            arguments.AddRange([$"--{name}", value]);
        }

        ParseResult changed = command.Parse(arguments);
        return changed.Errors.Count == 0 ? changed : throw new UsageException($"--vary: {changed.Errors[0].Message}");
    }

    /// <summary>
    /// Finds what training starts from, before there is a run: weights that cannot be had leave no folder behind, and the run's record says
    /// which they were.
    /// </summary>
    public static async Task<(FineTuneOptions Options, InitialWeights? Start)> StartAsync(
        CliContext context, FineTuneOptions options, WeightResolver resolver, bool isJson, CancellationToken cancellationToken)
    {
        if (options.InitialModel is not null)
        {
            return (options, null);
        }

        // A package's weights bring their own normalization, which another that was asked for excludes.
        bool isOpen = options.Input is { Preprocessing: null, Normalization: NormalizationKind.ImageNet };
        var chooser = new WeightResolver(resolver.Cache) { AllowsPackages = isOpen };
        ResolvedBackbone choice = await DownloadView.RunAsync(
            context,
            isJson,
            progress => DefaultBackbone.ChooseAsync(chooser, options.Backbone, options.Weights, progress, cancellationToken)).ConfigureAwait(false);
        if (choice.Reason is not null)
        {
            context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean($"no {(options.Backbone is null ? "--backbone" : "--weights")}: {choice.Reason}"));
        }

        return (options with { Backbone = choice.Network, Weights = choice.Weights?.Selection ?? WeightSelection.None }, choice.Weights);
    }

    /// <summary>What the command line says; what it does not say stays at its default.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">The seed, which the split shares.</param>
    public FineTuneOptions Bind(ParseResult parsed, long? seed)
    {
        string? backbone = parsed.GetValue(_backbone);
        FineTuneOptions start = TrainingRecipe.Find(parsed.GetValue(_preset) ?? "default", backbone, parsed.GetValue(_epochs));
        return _recipe.Bind(parsed, start with
        {
            Backbone = backbone ?? start.Backbone,
            Weights = parsed.GetValue(_weights) is { } weights ? WeightsText.Read(weights) : start.Weights,
            InitialModel = parsed.GetValue(_from),
            Head = start.Head with
            {
                Kind = parsed.GetValue(_head),
                Width = parsed.GetValue(_headWidth),
                Dropout = parsed.GetValue(_dropout) ?? start.Head.Dropout,
            },
            TrainableLayers = parsed.GetValue(_unfreeze) ?? start.TrainableLayers,
            Epochs = parsed.GetValue(_epochs) ?? start.Epochs,
            BatchSize = parsed.GetValue(_batchSize) is { } size and not OptionFactory.Auto ? size : start.BatchSize,
            FindBatchSize = parsed.GetValue(_batchSize) == OptionFactory.Auto,
            LearningRate = parsed.GetValue(_learningRate) ?? start.LearningRate,
            Optimizer = start.Optimizer with
            {
                BackboneLearningRate = parsed.GetValue(_backboneRate) ?? start.Optimizer.BackboneLearningRate,
                Kind = parsed.GetValue(_optimizer) ?? start.Optimizer.Kind,
                Momentum = parsed.GetValue(_momentum) ?? start.Optimizer.Momentum,
                WeightDecay = parsed.GetValue(_weightDecay) ?? start.Optimizer.WeightDecay,
            },
            Schedule = start.Schedule with { Kind = parsed.GetValue(_schedule) ?? start.Schedule.Kind },
            Regularization = start.Regularization with { LabelSmoothing = parsed.GetValue(_labelSmoothing) ?? start.Regularization.LabelSmoothing },
            Augmentation = parsed.GetValue(_augment) ?? start.Augmentation,
            Input = start.Input with
            {
                ImageSize = parsed.GetValue(_imageSize) ?? start.Input.ImageSize,
                Normalization = parsed.GetValue(_normalize) ?? start.Input.Normalization,
                Fit = parsed.GetValue(_fit) ?? start.Input.Fit,
            },
            Seed = seed ?? start.Seed,
            Compute = CommonOptions.Compute(parsed, start.Compute),
            Patience = parsed.GetValue(_patience) ?? start.Patience,
            Mirroring = parsed.GetValue(_mirror) ?? start.Mirroring,
            Monitor = parsed.GetValue(_monitor) ?? start.Monitor,
        });
    }
}
