using System.CommandLine;
using System.Globalization;
using MLClassify.Trainers;

namespace MLClassify.Cli.Options;

/// <summary>What makes a good recipe better: stages, rates by depth, averages, mixing, weights of classes.</summary>
internal sealed class RecipeOptions
{
    private static readonly FineTuneOptions Default = new();

    private readonly Option<int?> _freezeEpochs = OptionFactory.Integer("--freeze-epochs", "Train the head alone in the first N epochs. Default 0.");
    private readonly Option<double?> _layerDecay = OptionFactory.Number("--layer-decay", "The factor of the learning rate from one block of the backbone to the one before it. Default 1.");
    private readonly Option<bool> _freezeBatchNorm = new("--freeze-bn") { Description = "Keep batch normalization's statistics as the weights bring them." };
    private readonly Option<double?> _warmup = OptionFactory.Number("--warmup-epochs", "Epochs over which the rate rises from nothing. Default 0.");
    private readonly Option<string?> _stepEpochs = OptionFactory.Text("--step-epochs", "N,N,...", "The epochs after which --schedule step divides the rate by ten. Default: each third.");
    private readonly Option<int?> _plateauPatience = OptionFactory.Integer("--plateau-patience", $"Epochs without a better result after which --schedule plateau divides the rate by ten. Default {Default.Schedule.PlateauPatience}.");
    private readonly Option<int?> _plateauDrops = OptionFactory.Integer("--plateau-drops", "How often it does so before it ends training. Default 0: no end.");
    private readonly Option<double?> _clipNorm = OptionFactory.Number("--clip-norm", "The largest norm of the gradient. Default 0: no limit.");
    private readonly Option<int?> _accumulate = OptionFactory.Integer("--accumulate", "Batches whose gradients make one step. Default 1.");
    private readonly Option<double?> _ema = OptionFactory.Number("--ema", "The decay of the moving average of the weights, such as 0.999. Default 0: no average.");
    private readonly Option<string?> _classWeights = OptionFactory.Text("--class-weights", "balanced|CLASS=X,...", "How much images of each class count. Default: the same.", text => ClassWeights.Parse(text));
    private readonly Option<bool> _balanced = new("--balanced-sampling") { Description = "Draw every class equally often." };
    private readonly Option<double?> _mixup = OptionFactory.Number("--mixup", "Blend images in pairs, by shares from Beta(X, X). Default 0: not.");
    private readonly Option<double?> _cutMix = OptionFactory.Number("--cutmix", "Exchange rectangles between images in pairs, of areas from Beta(X, X). Default 0: not.");
    private readonly Option<bool> _keepClasses = new("--keep-classes") { Description = "With --from: keep all the model's classes, and add those that the images bring." };
    private readonly Option<bool> _nesterov = new("--nesterov") { Description = "Let SGD look ahead." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _freezeEpochs, _layerDecay, _freezeBatchNorm, _warmup, _stepEpochs, _plateauPatience, _plateauDrops, _clipNorm, _accumulate, _ema,
            _classWeights, _balanced, _mixup, _cutMix, _keepClasses, _nesterov,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Adds to options what the command line says.</summary>
    public FineTuneOptions Bind(ParseResult parsed, FineTuneOptions options) => options with
    {
        Freezing = options.Freezing with
        {
            Epochs = parsed.GetValue(_freezeEpochs) ?? options.Freezing.Epochs,
            BatchNorm = parsed.GetValue(_freezeBatchNorm) || options.Freezing.BatchNorm,
        },
        Optimizer = options.Optimizer with
        {
            LayerDecay = parsed.GetValue(_layerDecay) ?? options.Optimizer.LayerDecay,
            ClipNorm = parsed.GetValue(_clipNorm) ?? options.Optimizer.ClipNorm,
            AccumulationSteps = parsed.GetValue(_accumulate) ?? options.Optimizer.AccumulationSteps,
            EmaDecay = parsed.GetValue(_ema) ?? options.Optimizer.EmaDecay,
            Nesterov = parsed.GetValue(_nesterov) || options.Optimizer.Nesterov,
        },
        Schedule = options.Schedule with
        {
            WarmupEpochs = parsed.GetValue(_warmup) ?? options.Schedule.WarmupEpochs,
            StepEpochs = Numbers(parsed.GetValue(_stepEpochs)) ?? (options.Schedule.Kind == ScheduleKind.Step ? options.Schedule.StepEpochs : null),
            PlateauPatience = parsed.GetValue(_plateauPatience) ?? options.Schedule.PlateauPatience,
            MaxRateReductions = parsed.GetValue(_plateauDrops) ?? options.Schedule.MaxRateReductions,
        },
        ClassBalance = options.ClassBalance with
        {
            Weights = parsed.GetValue(_classWeights) ?? options.ClassBalance.Weights,
            BalancedSampling = parsed.GetValue(_balanced) || options.ClassBalance.BalancedSampling,
        },
        Regularization = options.Regularization with
        {
            Mixup = parsed.GetValue(_mixup) ?? options.Regularization.Mixup,
            CutMix = parsed.GetValue(_cutMix) ?? options.Regularization.CutMix,
        },
        ExtendClasses = parsed.GetValue(_keepClasses) || options.ExtendClasses,
    };

    private static int[]? Numbers(string? text) => text is null
        ? null
        : [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UsageException($"--step-epochs: expected whole numbers separated by commas, got '{text}'"))];
}
