using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;

namespace MLClassify.Trainers;

/// <summary>When a head is solved instead of trained in steps, and how the solution gets into its linear layer.</summary>
internal static class HeadSolving
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
            throw new ArgumentException($"{nameof(options.Optimizer)} is Lbfgs, which solves a linear head on features; it cannot have {string.Join(", ", reasons)}.");
        }
    }

    /// <summary>A warning about settings that a solver does not use; null for none.</summary>
    /// <param name="options">The options, not resolved.</param>
    public static string? Warning(FineTuneOptions options) => options.Optimizer == OptimizerKind.Lbfgs && Ineffective(options).ToArray() is { Length: > 0 } names
        ? $"The head is solved, not trained in steps: {string.Join(", ", names)} {(names.Length == 1 ? "has" : "have")} no effect."
        : null;

    /// <summary>The same training in steps, for a head that cannot be solved.</summary>
    /// <param name="options">The options, resolved.</param>
    public static FineTuneOptions Stepping(FineTuneOptions options) => (options with { Optimizer = OptimizerKind.Adam, Epochs = null }).Resolve();

    /// <summary>Whether a head is one linear layer on a vector, which has a bias.</summary>
    /// <param name="head">The network after the features.</param>
    public static bool Fits(Graph head) => Layer(head) is not null;

    /// <summary>Solves the head and sets its values.</summary>
    /// <param name="head">The network after the features; it fits.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="features">The features of the training images.</param>
    /// <param name="images">The training images, whose classes are those of the head.</param>
    /// <param name="options">Class weights, smoothing, seed, threads.</param>
    /// <param name="pointDone">Called with the figures of each strength, and with null when the solution is there.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OperationCanceledException">Canceled before there was a solution.</exception>
    public static HeadSolution Solve(
        Graph head,
        ParameterStore parameters,
        FeatureSet features,
        ImageDataset images,
        FineTuneOptions options,
        Action<RegularizationPoint?> pointDone,
        CancellationToken cancellationToken)
    {
        Node layer = Layer(head) ?? throw new ArgumentException("The head is not one linear layer with a bias.", nameof(head));
        var solver = new HeadSolver(features, Weights(features, images, options), options.LabelSmoothing, options.Seed, options.Threads);
        HeadSolution solution = solver.Solve(pointDone, cancellationToken);
        parameters.Import(layer.Parameters[0].Name, solution.Weights);
        parameters.Import(layer.Parameters[1].Name, solution.Bias);
        return solution;
    }

    // Drawing every class equally often is, on average, weighing it by what it lacks.
    private static double[] Weights(FeatureSet features, ImageDataset images, FineTuneOptions options)
    {
        int[] counts = new int[images.ClassNames.Count];
        for (int i = 0; i < features.Count; i++)
        {
            counts[features.Label(i)]++;
        }

        float[]? weights = ClassWeights.Parse(options.ClassWeights)?.For(images.ClassNames, images.CountPerClass());
        float[]? balance = options.BalancedSampling ? ClassWeights.Parse(ClassWeights.Balanced)!.For(images.ClassNames, counts) : null;
        return [.. counts.Select((_, i) => (double)(weights?[i] ?? 1) * (balance?[i] ?? 1))];
    }

    private static Node? Layer(Graph head)
    {
        Node[] nodes = [.. head.Nodes.Where(n => n.Parameters.Count > 0)];
        return nodes is [{ Operator: LinearOperator { ReluMax: null }, Parameters: [{ FlattenedFrom: null or { Pixels: 1 } }, _] } layer]
            && head.Input.Shape.IsVector && head.Nodes.All(n => n.Operator is InputOperator or LinearOperator or DropoutOperator or FlattenOperator)
            ? layer
            : null;
    }

    private static IEnumerable<string> Impossible(FineTuneOptions options)
    {
        if (options.Head == HeadKind.Mlp)
        {
            yield return "a hidden layer";
        }

        if (options.Dropout > 0)
        {
            yield return "dropout";
        }

        if (options.Mixup > 0)
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
            (nameof(options.Epochs), options.Epochs is not (null or 1) || (options.Epochs == 1 && options.Optimizer is null)),
            (nameof(options.LearningRate), options.LearningRate is not null),
            (nameof(options.Schedule), options.Schedule != Default.Schedule),
            (nameof(options.WarmupEpochs), options.WarmupEpochs != 0),
            (nameof(options.Momentum), options.Momentum != Default.Momentum || options.Nesterov),
            (nameof(options.WeightDecay), options.WeightDecay != Default.WeightDecay),
            (nameof(options.ClipNorm), options.ClipNorm != 0),
            (nameof(options.AccumulationSteps), options.AccumulationSteps != 1),
            (nameof(options.EmaDecay), options.EmaDecay != 0),
            (nameof(options.Patience), options.Patience != 0),
        ];
        return settings.Where(s => s.IsSet).Select(s => s.Name);
    }
}
