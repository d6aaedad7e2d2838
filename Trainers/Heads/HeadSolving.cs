using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Trainers;

/// <summary>How the solution of a head gets into its linear layer.</summary>
internal static class HeadSolving
{
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
}
