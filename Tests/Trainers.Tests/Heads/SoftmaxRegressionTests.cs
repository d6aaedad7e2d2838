namespace MLClassify.Trainers.Tests.Heads;

public sealed class SoftmaxRegressionTests
{
    // More rows than a chunk has, and neither rows, features nor columns fill their last block, tile or panel.
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Evaluate_FoldsTogether_IsWhatTheFormulaSays(double smoothing, bool weighted)
    {
        FeatureSet set = HeadProblem.Clouds([200, 150, 71], length: 37, distance: 0.3);
        int[] labels = HeadProblem.Labels(set);
        double[] weights = weighted ? [0.5, 1, 3] : [1, 1, 1];
        var features = new HeadFeatures(set, threads: 1);
        int[] folds = HeadFolds.Assign(labels, 3, 5, seed: 3);
        var regression = new SoftmaxRegression(features, labels, folds, weights, smoothing, threads: 1);
        var random = new Common.CounterRandom(9);
        HeadModel[] models =
        [
            .. new[] { -1, 0, 1, 2, 3, 4 }.Select(fold =>
            {
                float[] start = new float[38 * 3];
                for (int i = 0; i < start.Length; i++)
                {
                    start[i] = (float)(0.1 * random.NextGaussian());
                }

                return new HeadModel(fold, start, 37 * 3);
            }),
        ];

        regression.Evaluate(models);

        double[][] rows = HeadProblem.Rows(features);
        foreach (HeadModel model in models)
        {
            double[] layer = [.. model.Solver.Point.Select(v => (double)v)];
            (double value, double[] gradient) = HeadProblem.Evaluate(rows, labels, weights, smoothing, 0, layer, i => model.Fold < 0 || folds[i] != model.Fold);
            Assert.Equal(value, model.Loss, 1e-5 * value);

            // 38 products a logit and 421 a gradient, none above 4, in single precision: far below a ten-thousandth.
            Assert.All(gradient.Zip(model.Gradient), g => Assert.Equal(g.First, g.Second, 1e-4));
        }
    }

    [Fact]
    public void Evaluate_HeldOutRows_AreJudgedByTheModelThatHasNotSeenThem()
    {
        FeatureSet set = HeadProblem.Clouds([20, 20], length: 3, distance: 1);
        int[] labels = HeadProblem.Labels(set);
        int[] folds = [.. labels.Select((_, i) => i % 2)];
        var regression = new SoftmaxRegression(new HeadFeatures(set, 1), labels, folds, [1, 1], 0, threads: 1);
        float[] Biased(float first) => [0, 0, 0, 0, 0, 0, first, 0];

        regression.Evaluate([new HeadModel(0, Biased(1), 6), new HeadModel(1, Biased(-1), 6)]);

        for (int i = 0; i < labels.Length; i++)
        {
            Assert.Equal(folds[i], regression.HeldOutPredictions[i]);
            Assert.Equal(labels[i] == folds[i] ? Math.Log(1 + Math.Exp(-1)) : Math.Log(1 + Math.E), regression.HeldOutLosses[i], 1e-6);
        }
    }
}
