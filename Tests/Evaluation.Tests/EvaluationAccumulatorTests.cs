using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Evaluation.Tests;

public sealed class EvaluationAccumulatorTests
{
    private static readonly string[] Abc = ["a", "b", "c"];

    [Fact]
    public void Add_Sample_KeepsWhereItsBytesAre()
    {
        ImageSample memory = ImageSample.FromBytes("upload 1", new byte[] { 1 }, 1);
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        accumulator.Add(memory, [0, 1]);
        accumulator.Add(new ImageSample("b/2.jpg", 1), [1, 0]);

        IReadOnlyList<EvaluatedPrediction> predictions = accumulator.ToResult([]).Predictions;

        Assert.Equal([memory, new ImageSample("b/2.jpg", 1)], predictions.Select(p => p.Sample));
        Assert.Equal("upload 1", predictions[0].Path);
        Assert.Equal(new EvaluatedPrediction("b/2.jpg", 1, 0, predictions[1].Probability), predictions[1]);
    }

    [Fact]
    public void Add_KnownLogits_GivesHandComputedLossAndProbability()
    {
        var accumulator = new EvaluationAccumulator(Abc);
        // softmax of (ln 1, ln 2, ln 5) is (1/8, 2/8, 5/8)
        float[] logits = [0, MathF.Log(2), MathF.Log(5)];
        accumulator.Add(2, logits, "right.jpg");
        accumulator.Add(0, logits, "wrong.jpg");

        EvaluationResult report = accumulator.ToResult();

        // A float logarithm is off by at most 2^-24 * 2, which is the relative error of a probability and the absolute one of the loss.
        Assert.Equal((Math.Log(8.0 / 5) + Math.Log(8)) / 2, report.Loss, 2.5e-7);
        Assert.Equal(0.5, report.Accuracy);
        Assert.Equal(1, report.Correct);
        Assert.Equal(2, report.Images);
        Assert.Equal(["right.jpg", "wrong.jpg"], report.Predictions.Select(prediction => prediction.Path));
        Assert.All(report.Predictions, prediction => Assert.Equal(0.625, prediction.Probability, 2.5e-7));
        Assert.All(report.Predictions, prediction => Assert.Equal(2, prediction.PredictedLabel));
        Assert.Equal([true, false], report.Predictions.Select(prediction => prediction.IsCorrect));
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(3e38f)]
    public void Add_HugeLogits_NeitherOverflowNorVanish(float size)
    {
        var accumulator = new EvaluationAccumulator(Abc);
        accumulator.Add(0, [size, size, -size]);
        accumulator.Add(2, [size, size, -size]);

        EvaluationResult report = accumulator.ToResult();

        double expected = (Math.Log(2) + (Math.Log(2) + (2.0 * size))) / 2;
        Assert.Equal(expected, report.Loss, expected * 1e-15);
        Assert.Equal(0, report.Undefined);
    }

    [Fact]
    public void Add_EqualLogits_LowestLabelWins()
    {
        var accumulator = new EvaluationAccumulator(Abc, topK: 2);
        for (int label = 0; label < 3; label++)
        {
            accumulator.Add(label, [1, 1, 1], "image.jpg");
        }

        EvaluationResult report = accumulator.ToResult();

        Assert.All(report.Predictions, prediction => Assert.Equal(0, prediction.PredictedLabel));
        Assert.Equal(1, report.Correct);
        Assert.Equal(2.0 / 3, report.TopKAccuracy, 1e-15);
        Assert.Equal(Math.Log(3), report.Loss, 1e-15);
    }

    [Fact]
    public void Add_FewerClassesThanFive_LowersK()
    {
        Assert.Equal(3, new EvaluationAccumulator(Abc).TopK);
        Assert.Equal(5, new EvaluationAccumulator([.. "abcdefg".Select(c => c.ToString())]).TopK);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationAccumulator(Abc, topK: 0));
    }

    [Theory]
    [InlineData(float.NaN, 0, 0)]
    [InlineData(0, float.NaN, 5)]
    [InlineData(1, 2, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity)]
    public void Add_LogitsWithoutSoftmax_CountAsWrongAndAreReported(float a, float b, float c)
    {
        var accumulator = new EvaluationAccumulator(Abc);
        accumulator.Add(1, [0, 9, 0], "good.jpg");
        for (int label = 0; label < 3; label++)
        {
            accumulator.Add(label, [a, b, c], "sick.jpg");
        }

        EvaluationResult report = accumulator.ToResult();

        Assert.Equal(4, report.Images);
        Assert.Equal(3, report.Undefined);
        Assert.Equal(0.25, report.Accuracy);
        Assert.Equal(0.25, report.TopKAccuracy);
        Assert.True(double.IsNaN(report.Loss));
        Assert.Equal(1, report.ConfusionMatrix.Images);
        Assert.Equal([1, 2, 1], report.Classes.Select(metrics => metrics.Images));
        Assert.Equal(0.5, report.Classes[1].Recall);
        Assert.Equal(new EvaluatedPrediction("sick.jpg", 2, null, 0), report.Predictions[3]);
        Assert.False(report.Predictions[1].IsCorrect);
    }

    [Fact]
    public void Add_TrueClassImpossible_LossIsInfinite()
    {
        var accumulator = new EvaluationAccumulator(Abc);
        accumulator.Add(0, [float.NegativeInfinity, 0, 0]);

        EvaluationResult report = accumulator.ToResult();

        Assert.Equal(double.PositiveInfinity, report.Loss);
        Assert.Equal(0, report.Undefined);
    }

    [Fact]
    public void Add_WrongArguments_ThrowAndCountNothing()
    {
        var accumulator = new EvaluationAccumulator(Abc);

        var label = Assert.Throws<ArgumentOutOfRangeException>(() => accumulator.Add(3, [0, 0, 0]));
        var logits = Assert.Throws<ArgumentException>(() => accumulator.Add(0, [0, 0]));

        Assert.Contains("a label is in 0..2", label.Message, StringComparison.Ordinal);
        Assert.Contains("expected 3 logits, got 2", logits.Message, StringComparison.Ordinal);
        Assert.Equal(0, accumulator.Images);
    }

    [Fact]
    public void ToReport_LaterImages_DoNotChangeIt()
    {
        var accumulator = new EvaluationAccumulator(Abc);
        accumulator.Add(0, [1, 0, 0], "first.jpg");
        EvaluationResult report = accumulator.ToResult();

        accumulator.Add(0, [float.NaN, 0, 0], "second.jpg");

        Assert.Equal(1, report.Images);
        Assert.Single(report.Predictions);
        Assert.Equal(1, report.ConfusionMatrix.Images);
        Assert.Throws<InvalidOperationException>(() => report.ConfusionMatrix.Add(0, 0));
    }

    [Fact]
    public void ToReport_NoPaths_KeepsNoPredictions()
    {
        var accumulator = new EvaluationAccumulator(Abc);
        accumulator.Add(0, [1, 0, 0]);

        Assert.Empty(accumulator.ToResult().Predictions);
    }

    [Fact]
    public void ToReport_NoImages_HasNoLossAndZeroShares()
    {
        EvaluationResult report = new EvaluationAccumulator(Abc).ToResult();

        Assert.Equal(0, report.Accuracy);
        Assert.Equal(0, report.TopKAccuracy);
        Assert.Equal(0, report.MacroF1);
        Assert.True(double.IsNaN(report.Loss));
    }

    [Fact]
    public void Add_OtherAccumulator_EqualsOneThatSawAllImages() => Property.Holds(Generators.AnswersOfSickNetworks, answers =>
    {
        int half = answers.TrueLabels.Length / 2;
        EvaluationAccumulator joined = (answers with { TrueLabels = answers.TrueLabels[..half] }).Accumulate();
        var second = new EvaluationAccumulator(answers.Names);
        for (int i = half; i < answers.TrueLabels.Length; i++)
        {
            second.Add(answers.TrueLabels[i], answers.Logits[i], $"image{i}.jpg");
        }

        joined.Add(second);

        EvaluationResult expected = answers.Accumulate().ToResult();
        EvaluationResult report = joined.ToResult();

        Assert.Equal(expected.Images, report.Images);
        Assert.Equal(expected.Undefined, report.Undefined);
        Assert.Equal(expected.TopKAccuracy, report.TopKAccuracy);
        Assert.Equal(expected.ConfusionMatrix.ToArray(), report.ConfusionMatrix.ToArray());
        Assert.Equal(expected.Predictions, report.Predictions);
        if (double.IsFinite(expected.Loss))
        {
            Assert.Equal(expected.Loss, report.Loss, 40 * 33 * double.Epsilon + (expected.Loss * 40 * Math.Pow(2, -53)));
        }
        else
        {
            Assert.Equal(expected.Loss, report.Loss);
        }
    });

    [Fact]
    public void Add_OtherK_Throws() =>
        Assert.Throws<ArgumentException>(() => new EvaluationAccumulator(Abc, 1).Add(new EvaluationAccumulator(Abc, 2)));

    [Fact]
    public void Add_AnyLogits_AgreeWithSortingReference() => Property.Holds(Generators.Answers, answers =>
    {
        const int k = 2;
        int topK = 0;
        double loss = 0;
        for (int i = 0; i < answers.TrueLabels.Length; i++)
        {
            // A stable sort leaves equal logits in label order.
            int[] ranked = [.. Enumerable.Range(0, answers.Names.Length).OrderByDescending(label => answers.Logits[i][label])];
            topK += ranked.Take(k).Contains(answers.TrueLabels[i]) ? 1 : 0;
            double[] exponentials = [.. answers.Logits[i].Select(logit => Math.Exp(logit))];
            loss -= Math.Log(exponentials[answers.TrueLabels[i]] / exponentials.Sum());
        }

        EvaluationResult report = answers.Accumulate(k).ToResult();

        double images = Math.Max(1, answers.TrueLabels.Length);
        Assert.Equal(topK / images, report.TopKAccuracy);
        if (answers.TrueLabels.Length > 0)
        {
            Assert.Equal(loss / images, report.Loss, 1e-12);
        }
    });
}
