using MLClassify.Networks;

namespace MLClassify.Trainers;

/// <summary>Which options leave it open, or forbid, that a head is solved instead of trained in steps.</summary>
internal static class SolvedHead
{
    private static readonly FineTuneOptions Default = new();

    /// <summary>Whether options that train the head alone leave open how: none asks for what only steps can do.</summary>
    /// <param name="options">The options, not resolved.</param>
    public static bool IsDefault(FineTuneOptions options) => !Impossible(options).Any() && !Ineffective(options).Any();

    /// <summary>Refuses a solver for what is no logistic regression.</summary>
    /// <param name="options">The options, whose optimizer is <see cref="OptimizerKind.Lbfgs"/>.</param>
    /// <param name="trained">Which layers are trained.</param>
    /// <exception cref="ArgumentException">It is none; the message says what stands against it.</exception>
    public static void Check(FineTuneOptions options, TrainableLayers trained)
    {
        string[] reasons = [.. trained == TrainableLayers.Head ? [] : new[] { "layers before the head" }, .. Impossible(options)];
        if (reasons.Length > 0)
        {
            throw OptionError.Create(
                $"{nameof(options.Optimizer)}.{nameof(options.Optimizer.Kind)}",
                $"{nameof(options.Optimizer)}.{nameof(options.Optimizer.Kind)} is Lbfgs, which solves a linear head on features; it cannot have {string.Join(", ", reasons)}.");
        }
    }

    /// <summary>A warning about settings that a solver does not use; null for none.</summary>
    /// <param name="options">The options, not resolved.</param>
    public static string? Warning(FineTuneOptions options) => options.Optimizer.Kind == OptimizerKind.Lbfgs && Ineffective(options).ToArray() is { Length: > 0 } names
        ? $"The head is solved, not trained in steps: {string.Join(", ", names)} {(names.Length == 1 ? "has" : "have")} no effect."
        : null;

    /// <summary>The same training in steps, for a head that cannot be solved.</summary>
    /// <param name="options">The options, resolved.</param>
    public static FineTuneOptions Stepping(FineTuneOptions options) => (options with { Optimizer = options.Optimizer with { Kind = OptimizerKind.Adam }, Epochs = null }).Resolve();

    private static IEnumerable<string> Impossible(FineTuneOptions options)
    {
        if (options.Head.Kind == HeadKind.Mlp)
        {
            yield return "a hidden layer";
        }

        if (options.Head.Dropout > 0)
        {
            yield return "dropout";
        }

        if (options.Regularization.Mixup > 0)
        {
            yield return "mixup";
        }

        if (options.ExtendClasses)
        {
            yield return "classes without images";
        }
    }

    private static IEnumerable<string> Ineffective(FineTuneOptions options)
    {
        (string Name, bool IsSet)[] settings =
        [
            (nameof(options.Epochs), options.Epochs is not (null or 1) || (options.Epochs == 1 && options.Optimizer.Kind is null)),
            (nameof(options.LearningRate), options.LearningRate is not null),
            (nameof(options.Schedule), options.Schedule != Default.Schedule),
            ($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.Momentum)}", options.Optimizer.Momentum != Default.Optimizer.Momentum || options.Optimizer.Nesterov),
            ($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.WeightDecay)}", options.Optimizer.WeightDecay != Default.Optimizer.WeightDecay),
            ($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.ClipNorm)}", options.Optimizer.ClipNorm != 0),
            ($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.AccumulationSteps)}", options.Optimizer.AccumulationSteps != 1),
            ($"{nameof(options.Optimizer)}.{nameof(options.Optimizer.EmaDecay)}", options.Optimizer.EmaDecay != 0),
            (nameof(options.Patience), options.Patience != 0),
            (nameof(options.Monitor), options.Monitor is not null),
        ];
        return settings.Where(s => s.IsSet).Select(s => s.Name);
    }
}
