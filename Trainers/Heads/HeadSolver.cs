namespace MLClassify.Trainers;

/// <summary>
/// Solves multinomial logistic regression with a penalty on the weights: cross-validation inside the training images chooses its strength
/// on a path from strong to weak, each solution the start of the next; then all training images count.
/// </summary>
internal sealed class HeadSolver
{
    /// <summary>Folds of the training images.</summary>
    public const int Folds = 5;

    private const int MostPoints = 13;
    private const int PatienceOfPath = 2;
    private const double PathTolerance = 1e-4;
    private const double FinalTolerance = 1e-6;

    private readonly HeadFeatures _features;
    private readonly SoftmaxRegression _regression;
    private readonly int[] _labels;
    private readonly int[] _folds;
    private readonly double[] _classWeights;

    public HeadSolver(FeatureSet features, double[] classWeights, double labelSmoothing, long seed, int threads)
    {
        _labels = [.. Enumerable.Range(0, features.Count).Select(features.Label)];
        _classWeights = classWeights;
        _features = new HeadFeatures(features, threads);
        _folds = HeadFolds.Assign(_labels, classWeights.Length, Folds, seed);
        _regression = new SoftmaxRegression(_features, _labels, _folds, classWeights, labelSmoothing, threads);
    }

    public int Length => (_features.Length + 1) * _classWeights.Length;
    public int Penalized => _features.Length * _classWeights.Length;
    public int Evaluations { get; private set; }
    public static double Strength(int point) => Math.Pow(10, 0.5 - (0.5 * point));

    public void Solve(IReadOnlyList<HeadModel> models, double strength, CancellationToken token)
    {
        List<HeadModel> active = [.. models.Where(m => m.Solver.Begin(strength))];
        while (active.Count > 0)
        {
            token.ThrowIfCancellationRequested();
            _regression.Evaluate(active);
            Evaluations++;
            active = [.. active.Where(m => m.Solver.Advance(m.Loss, m.Gradient))];
        }
    }

    public (double Loss, double Accuracy, double Balanced) HeldOut()
    {
        double loss = 0, weight = 0; int right = 0, count = 0;
        int[] seen = new int[_classWeights.Length], good = new int[_classWeights.Length];
        for (int i = 0; i < _labels.Length; i++)
        {
            if (_folds[i] < 0) continue;
            double w = _classWeights[_labels[i]];
            loss += w * _regression.HeldOutLosses[i]; weight += w; count++;
            seen[_labels[i]]++;
            if (_regression.HeldOutPredictions[i] == _labels[i]) { right++; good[_labels[i]]++; }
        }

        double[] recalls = [.. seen.Zip(good).Where(c => c.First > 0).Select(c => (double)c.Second / c.First)];
        return (loss / weight, (double)right / count, recalls.Average());
    }

    public List<HeadModel> Models(double tolerance) => [.. Enumerable.Range(0, Folds).Select(f => new HeadModel(f, new float[Length], Penalized) { Solver = { Tolerance = tolerance } })];
    public HeadModel Full(float[] start, double tolerance) => new(-1, start, Penalized) { Solver = { Tolerance = tolerance } };
    public (float[] Weights, float[] Bias) Unfold(HeadModel m) => _features.Unfold(m.Solver.Point, _classWeights.Length);
}
