namespace MLClassify.Trainers;

/// <summary>
/// Solves multinomial logistic regression with a penalty on the weights. The strength of regularization is chosen by cross-validation inside
/// the training images, on a path from strong to weak whose solutions are the start of the next; then all training images count.
/// </summary>
internal sealed class HeadSolver
{
    /// <summary>Parts of the training images, each of which is predicted by a model of the others.</summary>
    public const int Folds = 5;

    /// <summary>The most strengths that are tried: two for every power of ten, from 1 on.</summary>
    public const int MostPoints = 13;

    /// <summary>The strength where no image can be held out: the middle of those that cross-validation chooses on photos.</summary>
    private const double DefaultStrength = 1e-2;

    /// <summary>
    /// Multiply-adds of a pass over all images for one model, above which fewer folds are predicted: their figures have little noise, and
    /// each costs as much as training on all images.
    /// </summary>
    private const double WorkOfAllFolds = 3e8;

    /// <summary>On the path a step must gain as much as could change the choice.</summary>
    private const double PathTolerance = 1e-3;

    private const double FinalTolerance = 1e-4;
    private const int MostPathIterations = 100;
    private const int MostFinalIterations = 1000;

    private readonly HeadFeatures _features;
    private readonly SoftmaxRegression _regression;
    private readonly int[] _labels;
    private readonly int[] _folds;
    private readonly double[] _classWeights;
    private readonly List<RegularizationPoint> _path = [];

    /// <summary>Prepares features and folds.</summary>
    /// <param name="features">The training images' features, at least one image.</param>
    /// <param name="classWeights">How much an image of each class counts in the loss; at least one above 0.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1).</param>
    /// <param name="seed">Decides the folds.</param>
    /// <param name="threads">The most threads; all cores when 0. The result does not depend on it.</param>
    public HeadSolver(FeatureSet features, double[] classWeights, double labelSmoothing, long seed, int threads)
    {
        _classWeights = classWeights;
        _labels = [.. Enumerable.Range(0, features.Count).Select(features.Label)];
        ImageSample[] samples = [.. Enumerable.Range(0, features.Count).Select(features.Sample)];
        _folds = samples.Any(sample => sample.Group is not null) ? HeadFolds.Assign(samples, Folds, seed) : HeadFolds.Assign(_labels, Classes, Folds, seed);
        _features = new HeadFeatures(features, threads);
        _regression = new SoftmaxRegression(_features, _labels, _folds, classWeights, labelSmoothing, threads);
        PredictedFolds = _folds.All(f => f < 0) ? 0 : FoldsFor((double)features.Count * features.Length * Classes);
    }

    /// <summary>Folds that are predicted: all, one at least where the work is large, none where no image can be held out.</summary>
    public int PredictedFolds { get; }

    private int Classes => _classWeights.Length;

    private int Weights => _features.Length * Classes;

    /// <summary>How many folds are predicted.</summary>
    /// <param name="work">Multiply-adds of a pass over all images for one model.</param>
    internal static int FoldsFor(double work) => Math.Clamp((int)(Folds * WorkOfAllFolds / work), 1, Folds);

    /// <summary>Chooses the strength and solves.</summary>
    /// <param name="pointDone">Called with each strength's figures, and with null when the solution is there; null for no reporting.</param>
    /// <param name="cancellationToken">
    /// Cancels the work. Once a strength is chosen the result is what the last step reached; before, there is none.
    /// </param>
    /// <exception cref="OperationCanceledException">Canceled before a strength was chosen.</exception>
    public HeadSolution Solve(Action<RegularizationPoint?>? pointDone, CancellationToken cancellationToken)
    {
        (double strength, float[] start) = PredictedFolds > 0 ? Choose(pointDone, cancellationToken) : (DefaultStrength, new float[Weights + Classes]);
        HeadModel model = Model(-1, start, FinalTolerance, MostFinalIterations);
        bool isWhole = Solve([model], strength, cancellationToken);
        pointDone?.Invoke(null);
        (float[] weights, float[] bias) = _features.Unfold(model.Solver.Point, Classes);
        return new HeadSolution(weights, bias, [.. _path.Select(p => p with { IsChosen = p.Strength == strength })], isWhole && model.Solver.HasConverged);
    }

    /// <summary>
    /// The strength: among those whose loss is the lowest to within its standard error, the one with the highest accuracy, of equals the one with the
    /// lowest loss. By the loss alone it would be stronger, and rare classes would be missed.
    /// </summary>
    internal static int Choose(IReadOnlyList<RegularizationPoint> path, double standardError)
    {
        double highest = path.Min(p => p.Loss) + standardError;
        return Enumerable.Range(0, path.Count).Where(i => path[i].Loss <= highest).OrderByDescending(i => path[i].Accuracy).ThenBy(i => path[i].Loss).First();
    }

    // The strength, and the mean of its folds' solutions, from where it is not far to that of all images.
    private (double Strength, float[] Start) Choose(Action<RegularizationPoint?>? pointDone, CancellationToken cancellationToken)
    {
        HeadModel[] models = [.. Enumerable.Range(0, PredictedFolds).Select(f => Model(f, new float[Weights + Classes], PathTolerance, MostPathIterations))];
        var solutions = new List<float[]>();
        double lowest = double.PositiveInfinity;
        double error = 0;
        for (int i = 0; i < MostPoints; i++)
        {
            double strength = Math.Pow(10, -0.5 * i);
            if (!Solve(models, strength, cancellationToken))
            {
                throw new OperationCanceledException(cancellationToken);
            }

            (RegularizationPoint point, double standardError) = HeldOut(strength);
            _path.Add(point);
            solutions.Add(Mean(models));
            pointDone?.Invoke(point);
            if (point.Loss < lowest)
            {
                (lowest, error) = (point.Loss, standardError);
            }
            else if (point.Loss > lowest + error)
            {
                // From here on the loss only rises: the weaker the regularization, the more is learned by heart.
                break;
            }
        }

        int best = Choose(_path, error);
        return (_path[best].Strength, solutions[best]);
    }

    private HeadModel Model(int fold, float[] start, double tolerance, int iterations) =>
        new(fold, start, Weights) { Solver = { Tolerance = tolerance, MaxIterations = iterations } };

    // False when it was canceled on the way.
    private bool Solve(IReadOnlyList<HeadModel> models, double strength, CancellationToken cancellationToken)
    {
        List<HeadModel> active = [.. models.Where(m => m.Solver.Begin(strength))];
        while (active.Count > 0)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            _regression.Evaluate(active);
            active = [.. active.Where(m => m.Solver.Advance(m.Loss, m.Gradient))];
        }

        return true;
    }

    private (RegularizationPoint Point, double StandardError) HeldOut(double strength)
    {
        int[] images = new int[Classes];
        int[] correct = new int[Classes];
        double weights = 0;
        double losses = 0;
        foreach (int i in Predicted())
        {
            int label = _labels[i];
            images[label]++;
            correct[label] += _regression.HeldOutPredictions[i] == label ? 1 : 0;
            weights += _classWeights[label];
            losses += _classWeights[label] * _regression.HeldOutLosses[i];
        }

        double mean = losses / weights;
        double squares = Predicted().Sum(i => Math.Pow(_classWeights[_labels[i]] * (_regression.HeldOutLosses[i] - mean), 2));
        double balanced = Enumerable.Range(0, Classes).Where(c => images[c] > 0).Average(c => (double)correct[c] / images[c]);
        return (new RegularizationPoint(strength, mean, (double)correct.Sum() / images.Sum(), balanced, IsChosen: false), Math.Sqrt(squares) / weights);
    }

    private IEnumerable<int> Predicted() => Enumerable.Range(0, _labels.Length).Where(i => _folds[i] >= 0 && _folds[i] < PredictedFolds);

    private static float[] Mean(HeadModel[] models)
    {
        float[] mean = new float[models[0].Gradient.Length];
        foreach (HeadModel model in models)
        {
            float[] point = model.Solver.Point;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += point[i] / models.Length;
            }
        }

        return mean;
    }
}
