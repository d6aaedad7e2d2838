using System.Text.RegularExpressions;
using MLClassify.Networks;

namespace MLClassify.Cli.Naming;

/// <summary>What the settings of the libraries are on the command line: their messages name them by their place in the options.</summary>
internal static class OptionNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Backbone"] = "--backbone",
        ["Weights"] = "--weights",
        ["InitialModel"] = "--from",
        ["ExtendClasses"] = "--keep-classes",
        ["TrainableLayers"] = "--unfreeze",
        ["Epochs"] = "--epochs",
        ["BatchSize"] = "--batch-size",
        ["FindBatchSize"] = "--batch-size",
        ["LearningRate"] = "--lr",
        ["Patience"] = "--patience",
        ["Augmentation"] = "--augment",
        ["Seed"] = "--seed",
        ["Head.Kind"] = "--head",
        ["Head.Width"] = "--head-width",
        ["Head.Dropout"] = "--dropout",
        ["Optimizer.Kind"] = "--optimizer",
        ["Optimizer.BackboneLearningRate"] = "--backbone-lr",
        ["Optimizer.LayerDecay"] = "--layer-decay",
        ["Optimizer.Momentum"] = "--momentum",
        ["Optimizer.Nesterov"] = "--nesterov",
        ["Optimizer.WeightDecay"] = "--weight-decay",
        ["Optimizer.ClipNorm"] = "--clip-norm",
        ["Optimizer.AccumulationSteps"] = "--accumulate",
        ["Optimizer.EmaDecay"] = "--ema",
        ["Schedule"] = "--schedule",
        ["Schedule.Kind"] = "--schedule",
        ["Schedule.StepEpochs"] = "--step-epochs",
        ["Schedule.PlateauPatience"] = "--plateau-patience",
        ["Schedule.MaxRateReductions"] = "--plateau-drops",
        ["Schedule.WarmupEpochs"] = "--warmup-epochs",
        ["Freezing.Epochs"] = "--freeze-epochs",
        ["Freezing.BatchNorm"] = "--freeze-bn",
        ["Regularization.Mixup"] = "--mixup",
        ["Regularization.CutMix"] = "--cutmix",
        ["Regularization.LabelSmoothing"] = "--label-smoothing",
        ["ClassBalance.Weights"] = "--class-weights",
        ["ClassBalance.BalancedSampling"] = "--balanced-sampling",
        ["Input.ImageSize"] = "--image-size",
        ["Input.Normalization"] = "--normalize",
        ["Input.Fit"] = "--fit",
        ["Monitor"] = "--monitor",
        ["Mirroring"] = "--mirror",
        ["Compute.Threads"] = "--threads",
        ["Compute.Device"] = "--device",
        ["Compute.Precision"] = "--precision",
        ["Compute.Deterministic"] = "--deterministic",

        // Of distillation.
        ["Student"] = "--student",
        ["Teachers"] = "--teacher",
        ["ImageSize"] = "--image-size",
        ["Views"] = "--views",
        ["Optimizer"] = "--optimizer",
        ["WeightDecay"] = "--weight-decay",
        ["MinCropScale"] = "--smallest-crop",
        ["Threads"] = "--threads",

        // Of the search for a learning rate.
        ["From"] = "--from-lr",
        ["To"] = "--to-lr",
        ["Steps"] = "--steps",
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Words = new(StringComparer.Ordinal)
    {
        ["--head"] = ChoiceWords.ByMember<HeadKind>(),
        ["--unfreeze"] = ChoiceWords.ByMember<TrainableLayers>(),
        ["--optimizer"] = ChoiceWords.ByMember<OptimizerKind>(),
        ["--schedule"] = ChoiceWords.ByMember<ScheduleKind>(),
        ["--fit"] = ChoiceWords.ByMember<ImageFit>(),
        ["--mirror"] = ChoiceWords.ByMember<Mirroring>(),
        ["--monitor"] = ChoiceWords.ByMember<MonitoredMetric>(),
        ["--normalize"] = ChoiceWords.ByMember<NormalizationKind>(),
    };

    // A setting, not a part of a longer one, and what is said that it is.
    private static readonly Regex Setting = new(
        $@"(?<![\w.])(?<path>{string.Join('|', Names.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape))})(?!\w|\.\w)(?:(?<is> is | )(?<word>[A-Z]\w*))?",
        RegexOptions.CultureInvariant);

    /// <summary>The option of the command line that is a setting of the libraries; null where there is none.</summary>
    /// <param name="path">The setting's path, such as <c>Input.ImageSize</c>.</param>
    public static string? Find(string? path) => path is null ? null : Names.GetValueOrDefault(path);

    /// <summary>Whether an error is about a setting, which the trainers note in its data.</summary>
    public static bool IsAbout(Exception exception) => Find(exception.Data["option"] as string) is not null;

    /// <summary>A text in which settings, and the choices that are named with them, have the names that they have on the command line.</summary>
    /// <param name="text">A message of the libraries about their settings.</param>
    public static string Translate(string text) => Setting.Replace(text, match =>
    {
        string option = Names[match.Groups["path"].Value];
        string word = match.Groups["word"].Value;
        string choice = Words.TryGetValue(option, out IReadOnlyDictionary<string, string>? words) ? words.GetValueOrDefault(word, word) : word;
        return $"{option}{match.Groups["is"].Value}{choice}";
    });
}
