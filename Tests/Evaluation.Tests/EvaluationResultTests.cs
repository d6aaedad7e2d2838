using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Evaluation.Tests;

public sealed class EvaluationResultTests
{
    [Fact]
    public void Metrics_HandComputedMatrix_AreExact()
    {
        EvaluationResult report = Report(["cat", "dog", "owl"], new long[,] { { 5, 2, 0 }, { 1, 6, 3 }, { 0, 0, 4 } });

        Assert.Equal(15.0 / 21, report.Accuracy);
        Assert.Equal([5.0 / 6, 6.0 / 8, 4.0 / 7], report.Classes.Select(metrics => metrics.Precision));
        Assert.Equal([5.0 / 7, 6.0 / 10, 1], report.Classes.Select(metrics => metrics.Recall));
        Assert.Equal([10.0 / 13, 12.0 / 18, 8.0 / 11], report.Classes.Select(metrics => metrics.F1));
        Assert.Equal(report.Classes.Select(metrics => metrics.Recall), report.Classes.Select(metrics => metrics.Accuracy));
        Assert.Equal([7, 10, 4], report.Classes.Select(metrics => metrics.Images));
        Assert.Equal([5, 6, 4], report.Classes.Select(metrics => metrics.Correct));
        Assert.Equal(((10.0 / 13) + (12.0 / 18) + (8.0 / 11)) / 3, report.MacroF1, 1e-15);
        Assert.Equal(((7 * 10.0 / 13) + (10 * 12.0 / 18) + (4 * 8.0 / 11)) / 21, report.WeightedF1, 1e-15);
    }

    [Fact]
    public void New_CountsThatDoNotFitTheMatrix_Throws()
    {
        var matrix = new ConfusionMatrix(["cat", "dog"]);

        Assert.Throws<ArgumentException>(() => new EvaluationResult(matrix, [0], 1, 1, 0, []));
        Assert.Throws<ArgumentException>(() => new EvaluationResult(matrix, [0, -1], 1, 1, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvaluationResult(matrix, [0, 0], 0, 1, 0, []));
    }

    [Fact]
    public void Macro_ClassNeverSeenNorPredicted_IsLeftOut()
    {
        EvaluationResult report = Report(["cat", "dog", "never"], new long[,] { { 1, 1, 0 }, { 0, 2, 0 }, { 0, 0, 0 } });

        Assert.Equal((1 + (2.0 / 3)) / 2, report.MacroPrecision, 1e-15);
        Assert.Equal((0.5 + 1) / 2, report.MacroRecall, 1e-15);
        Assert.Equal((0, 0, 0), (report.Classes[2].Precision, report.Classes[2].Recall, report.Classes[2].F1));
    }

    [Fact]
    public void Macro_ClassPredictedButNeverSeen_CountsAsZero()
    {
        EvaluationResult report = Report(["cat", "phantom"], new long[,] { { 3, 1 }, { 0, 0 } });

        Assert.Equal(0.5, report.MacroPrecision);
        Assert.Equal(0.375, report.MacroRecall);
        Assert.Equal(6.0 / 7 / 2, report.MacroF1, 1e-15);
    }

    [Fact]
    public void Metrics_AnyAnswers_AgreeWithReferenceByDefinition() => Property.Holds(Generators.Answers, answers =>
    {
        EvaluationResult report = answers.Accumulate().ToResult();
        int[] truth = answers.TrueLabels;
        int[] predicted = [.. answers.Logits.Select(logits => Array.IndexOf(logits, logits.Max()))];
        int[] occurring = [.. truth.Union(predicted)];
        var reference = Enumerable.Range(0, answers.Names.Length).Select(label => Reference(truth, predicted, label)).ToArray();

        for (int label = 0; label < reference.Length; label++)
        {
            Assert.Equal(reference[label].Precision, report.Classes[label].Precision, 1e-15);
            Assert.Equal(reference[label].Recall, report.Classes[label].Recall, 1e-15);
            Assert.Equal(reference[label].F1, report.Classes[label].F1, 1e-15);
        }

        Assert.Equal(Mean(occurring.Select(label => reference[label].Precision)), report.MacroPrecision, 1e-14);
        Assert.Equal(Mean(occurring.Select(label => reference[label].Recall)), report.MacroRecall, 1e-14);
        Assert.Equal(Mean(occurring.Select(label => reference[label].F1)), report.MacroF1, 1e-14);
        Assert.Equal(Mean(truth.Select(label => reference[label].F1)), report.WeightedF1, 1e-14);
    });

    [Fact]
    public void Counts_AnyAnswers_AddUp() => Property.Holds(Generators.AnswersOfSickNetworks, answers =>
    {
        EvaluationResult report = answers.Accumulate().ToResult();
        long trace = Enumerable.Range(0, answers.Names.Length).Sum(label => report.ConfusionMatrix[label, label]);

        Assert.Equal(answers.TrueLabels.Length, report.Images);
        Assert.Equal(report.Images, report.ConfusionMatrix.ToArray().Cast<long>().Sum() + report.Undefined);
        Assert.Equal(report.Images, report.Classes.Sum(metrics => metrics.Images));
        Assert.Equal(trace, report.Classes.Sum(metrics => metrics.Correct));
        Assert.Equal(report.Images == 0 ? 0 : (double)trace / report.Images, report.Accuracy);
        Assert.InRange(report.TopKAccuracy, report.Accuracy, 1);
        Assert.Equal(trace, report.Predictions.Count(prediction => prediction.IsCorrect));
        Assert.Equal(report.Undefined, report.Predictions.Count(prediction => prediction.PredictedLabel is null));
    });

    [Fact]
    public void Macro_AnyAnswers_LiesBetweenTheClasses() => Property.Holds(Generators.Answers, answers =>
    {
        EvaluationResult report = answers.Accumulate().ToResult();
        const double rounding = 1e-14;

        Assert.InRange(report.MacroF1, report.Classes.Min(m => m.F1) - rounding, report.Classes.Max(m => m.F1) + rounding);
        Assert.InRange(report.MacroPrecision, report.Classes.Min(m => m.Precision) - rounding, report.Classes.Max(m => m.Precision) + rounding);
        Assert.InRange(report.MacroRecall, report.Classes.Min(m => m.Recall) - rounding, report.Classes.Max(m => m.Recall) + rounding);
    });

    private static EvaluationResult Report(string[] names, long[,] counts) =>
        new(new ConfusionMatrix(names, counts), new long[names.Length], Math.Min(5, names.Length), 1, 0.5, []);

    private static (double Precision, double Recall, double F1) Reference(int[] truth, int[] predicted, int label)
    {
        double truePositive = truth.Zip(predicted).Count(pair => pair.First == label && pair.Second == label);
        double falsePositive = truth.Zip(predicted).Count(pair => pair.First != label && pair.Second == label);
        double falseNegative = truth.Zip(predicted).Count(pair => pair.First == label && pair.Second != label);
        double precision = truePositive + falsePositive == 0 ? 0 : truePositive / (truePositive + falsePositive);
        double recall = truePositive + falseNegative == 0 ? 0 : truePositive / (truePositive + falseNegative);
        return (precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();
}
