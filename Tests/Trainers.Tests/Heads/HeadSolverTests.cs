namespace MLClassify.Trainers.Tests.Heads;

public sealed class HeadSolverTests
{
    [Theory]
    [InlineData(0, 1, 1, 0.3)]
    [InlineData(0.1, 1, 1, 0.3)]
    [InlineData(0, 0.2, 4, 0.3)]
    [InlineData(0, 1, 1, 4)]
    public void Solve_SmallProblem_ReachesTheOptimum(double smoothing, double first, double last, double distance)
    {
        FeatureSet set = HeadProblem.Clouds([60, 25, 10], length: 8, distance);
        double[] weights = [first, 1, last];
        var solver = new HeadSolver(set, weights, smoothing, seed: 1, threads: 1);

        HeadSolution solution = solver.Solve(pointDone: null, default);

        Assert.True(solution.HasConverged);
        var features = new HeadFeatures(set, 1);
        double[][] rows = HeadProblem.Rows(features);
        double strength = Assert.Single(solution.Path, p => p.IsChosen).Strength;
        (double optimum, _) = HeadProblem.Minimize(rows, HeadProblem.Labels(set), weights, smoothing, strength);
        double value = Value(set, rows, solution, weights, smoothing, strength);
        Assert.InRange(value, optimum - 1e-6, optimum * (1 + 5e-3));
    }

    [Fact]
    public void Solve_TightTolerance_ReachesTheOptimumInEveryNumber()
    {
        FeatureSet set = HeadProblem.Clouds([30, 20, 10], length: 5, distance: 0.5);
        int[] labels = HeadProblem.Labels(set);
        var features = new HeadFeatures(set, 1);
        var regression = new SoftmaxRegression(features, labels, [.. labels.Select(_ => -1)], [1, 1, 1], 0, threads: 1);
        var model = new HeadModel(-1, new float[6 * 3], 5 * 3) { Solver = { Tolerance = 1e-9 } };
        foreach (double penalty in new[] { 1.0, 0.1, 0.01 })
        {
            bool goesOn = model.Solver.Begin(penalty);
            while (goesOn)
            {
                regression.Evaluate([model]);
                goesOn = model.Solver.Advance(model.Loss, model.Gradient);
            }

            (double value, double[] layer) = HeadProblem.Minimize(HeadProblem.Rows(features), labels, [1, 1, 1], 0, penalty);
            Assert.True(model.Solver.HasConverged);
            Assert.Equal(value, model.Solver.Value, 1e-5);

            // The value is known to a float's digits, so the place to the root of that.
            Assert.All(layer.Take(15).Zip(model.Solver.Point), v => Assert.Equal(v.First, v.Second, 5e-3));
        }
    }

    [Fact]
    public void Solve_AnyNumberOfThreads_SameBits()
    {
        FeatureSet set = HeadProblem.Clouds([700, 300, 20], length: 70, distance: 0.1);
        HeadSolution[] solutions = [.. new[] { 1, 2, 3, 0 }.Select(threads => new HeadSolver(set, [1, 1, 1], 0, 5, threads).Solve(null, default))];

        Assert.All(solutions, s => Assert.Equal(solutions[0].Weights, s.Weights));
        Assert.All(solutions, s => Assert.Equal(solutions[0].Bias, s.Bias));
        Assert.All(solutions, s => Assert.Equal(solutions[0].Path, s.Path));
        Assert.NotEqual(solutions[0].Path, new HeadSolver(set, [1, 1, 1], 0, 6, 1).Solve(null, default).Path);
    }

    [Fact]
    public void Solve_NoiseAlone_ChoosesStrongRegularization_AndSeparableClassesWeak()
    {
        double Chosen(double distance) => new HeadSolver(HeadProblem.Clouds([80, 80], 40, distance), [1, 1], 0, 1, 1).Solve(null, default).Path.Single(p => p.IsChosen).Strength;

        Assert.InRange(Chosen(0), 0.3, 1);
        Assert.InRange(Chosen(1), 0, 0.3);
    }

    [Fact]
    public void Solve_ConstantFeatureAndLargeMeans_AreNoTrouble()
    {
        var set = new FeatureSet(40, 3);
        for (int i = 0; i < 40; i++)
        {
            set.Add([1e4f + (i % 2), 7, i / 40f], new ImageSample("x", i % 2));
        }

        HeadSolution solution = new HeadSolver(set, [1, 1], 0, 1, 1).Solve(null, default);

        Assert.Equal(0, solution.Weights[1]);
        Assert.Equal(0, solution.Weights[4]);
        Assert.All(solution.Weights.Concat(solution.Bias), v => Assert.True(float.IsFinite(v)));
        Assert.Equal(40, Correct(set, solution, 2));
    }

    [Fact]
    public void Solve_OneImageAClass_IsSolvedWithoutAChoice()
    {
        FeatureSet set = HeadProblem.Clouds([1, 1, 1], length: 4, distance: 3);
        var solver = new HeadSolver(set, [1, 1, 1], 0, 1, 1);

        HeadSolution solution = solver.Solve(null, default);

        Assert.Empty(solution.Path);
        Assert.Equal(0, solver.PredictedFolds);
        Assert.Equal(3, Correct(set, solution, 3));
    }

    [Fact]
    public void Solve_ClassWithOneImageAndClassWithNone_AreKept()
    {
        FeatureSet set = HeadProblem.Clouds([30, 1, 0, 2], length: 6, distance: 3);
        HeadSolution solution = new HeadSolver(set, [1, 1, 1, 1], 0, 1, 1).Solve(null, default);

        Assert.Equal(33, Correct(set, solution, 4));
        Assert.All(solution.Weights.Concat(solution.Bias), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Solve_RareClassBesideACommonOne_HasARecallBeyondItsShare()
    {
        FeatureSet set = HeadProblem.Clouds([480, 32], length: 20, distance: 0.5);
        HeadSolution solution = new HeadSolver(set, [1, 1], 0, 1, 1).Solve(null, default);
        RegularizationPoint chosen = solution.Path.Single(p => p.IsChosen);

        Assert.InRange(chosen.BalancedAccuracy, 0.8, 1);

        HeadSolution weighted = new HeadSolver(set, [512 / 960.0, 8], 0, 1, 1).Solve(null, default);
        Assert.InRange(weighted.Path.Single(p => p.IsChosen).BalancedAccuracy, chosen.BalancedAccuracy, 1);
    }

    [Fact]
    public void Solve_MuchWork_PredictsOneFold()
    {
        FeatureSet set = HeadProblem.Clouds([.. Enumerable.Repeat(4, 50)], length: 16, distance: 1);
        Assert.Equal(HeadSolver.Folds, new HeadSolver(set, [.. Enumerable.Repeat(1.0, 50)], 0, 1, 1).PredictedFolds);
        Assert.Equal(HeadSolver.Folds, HeadSolver.FoldsFor(3301L * 1280 * 5));
        Assert.Equal(1, HeadSolver.FoldsFor(8186L * 1280 * 102));
    }

    [Fact]
    public void Solve_Canceled_HasNoResultBeforeTheChoiceAndTheLastStepAfter()
    {
        FeatureSet set = HeadProblem.Clouds([40, 40], length: 10, distance: 0.3);
        using var cancellation = new CancellationTokenSource();
        int points = 0;
        Assert.Throws<OperationCanceledException>(() => new HeadSolver(set, [1, 1], 0, 1, 1).Solve(
            _ =>
            {
                points++;
                cancellation.Cancel();
            },
            cancellation.Token));
        Assert.Equal(1, points);

        // The path ends by itself; its last report comes right before the choice.
        int all = new HeadSolver(set, [1, 1], 0, 1, 1).Solve(null, default).Path.Count;
        using var late = new CancellationTokenSource();
        points = 0;
        HeadSolution solution = new HeadSolver(set, [1, 1], 0, 1, 1).Solve(
            point =>
            {
                if (++points == all)
                {
                    late.Cancel();
                }
            },
            late.Token);
        Assert.False(solution.HasConverged);
        Assert.InRange(Correct(set, solution, 2), 60, 80);
    }

    [Fact]
    public void Choose_WithinTheStandardError_TakesTheMostAccurateThenTheLowestLoss()
    {
        RegularizationPoint[] path =
        [
            new(1, 0.60, 0.99, 0, false),
            new(0.1, 0.52, 0.90, 0, false),
            new(0.01, 0.50, 0.90, 0, false),
            new(0.001, 0.54, 0.91, 0, false),
        ];

        Assert.Equal(2, HeadSolver.Choose(path, standardError: 0));
        Assert.Equal(2, HeadSolver.Choose(path, standardError: 0.03));
        Assert.Equal(3, HeadSolver.Choose(path, standardError: 0.05));
        Assert.Equal(0, HeadSolver.Choose(path, standardError: 0.2));
    }

    private static int Correct(FeatureSet set, HeadSolution solution, int classes) => Enumerable.Range(0, set.Count).Count(i =>
    {
        float[] x = set[i].ToArray();
        double[] logits = [.. Enumerable.Range(0, classes).Select(c => solution.Bias[c] + x.Select((v, f) => (double)v * solution.Weights[(c * x.Length) + f]).Sum())];
        return Array.IndexOf(logits, logits.Max()) == set.Label(i);
    });

    // The objective of the layer on the features themselves; its penalty is that of the layer on scaled ones.
    private static double Value(FeatureSet set, double[][] rows, HeadSolution solution, double[] weights, double smoothing, double penalty)
    {
        int classes = weights.Length;
        double[][] raw = [.. Enumerable.Range(0, set.Count).Select(i => (double[])[.. set[i].ToArray().Select(v => (double)v), 1])];
        double[] layer = new double[(set.Length + 1) * classes];
        double squares = 0;
        for (int c = 0; c < classes; c++)
        {
            for (int f = 0; f < set.Length; f++)
            {
                double weight = solution.Weights[(c * set.Length) + f];
                double scale = (rows[1][f] - rows[0][f]) / (raw[1][f] - raw[0][f]);
                layer[(f * classes) + c] = weight;
                squares += Math.Pow(weight / scale, 2);
            }

            layer[(set.Length * classes) + c] = solution.Bias[c];
        }

        return HeadProblem.Evaluate(raw, HeadProblem.Labels(set), weights, smoothing, 0, layer).Value + (penalty / 2 * squares);
    }
}
