using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Evaluation.Tests;

public sealed class CalibrationTests
{
    [Fact]
    public void ToReport_HandComputedConfidences_HasTheirError()
    {
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        Add(accumulator, 0.9, isCorrect: true, times: 3);
        Add(accumulator, 0.9, isCorrect: false, times: 1);
        Add(accumulator, 0.6, isCorrect: true, times: 1);
        Add(accumulator, 0.6, isCorrect: false, times: 1);

        Calibration calibration = accumulator.ToResult().Calibration!;

        Assert.Equal(Calibration.DefaultBins, calibration.Bins.Count);
        CalibrationBin sure = calibration.Bins[13]; // (13/15, 14/15] holds 0.9
        Assert.Equal((4, 3), (sure.Images, sure.Correct));
        Assert.Equal(0.9, sure.Confidence, 1e-6);
        Assert.Equal(((4 * 0.15) + (2 * 0.1)) / 6, calibration.ExpectedError, 1e-6);
        Assert.Equal(0.15, calibration.MaximumError, 1e-6);
        Assert.Equal(0.8, calibration.Confidence, 1e-6);
        Assert.Equal(4.0 / 6, calibration.Accuracy, 1e-12);
    }

    [Fact]
    public void ToReport_CertainAndRight_HasNoError()
    {
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        accumulator.Add(0, [200, 0]);

        Calibration calibration = accumulator.ToResult().Calibration!;

        Assert.Equal(1, calibration.Bins[^1].Images);
        Assert.Equal(0, calibration.ExpectedError);
    }

    [Fact]
    public void ToReport_NoImages_IsAllZero()
    {
        Calibration calibration = new EvaluationAccumulator(["a", "b"]).ToResult().Calibration!;

        Assert.Equal((0, 0, 0, 0), (calibration.Images, calibration.ExpectedError, calibration.MaximumError, calibration.Confidence));
    }

    [Fact]
    public void ToReport_ImagesWithoutPrediction_AreInNoInterval()
    {
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        accumulator.Add(0, [float.NaN, 0]);
        accumulator.Add(0, [1, 0]);

        Assert.Equal(1, accumulator.ToResult().Calibration!.Images);
    }

    [Fact]
    public void ToReport_AnyAnswers_AgreeWithADirectComputation() => Property.Holds(Generators.AnswersOfSickNetworks, answers =>
    {
        EvaluationResult report = answers.Accumulate().ToResult();
        EvaluatedPrediction[] known = [.. report.Predictions.Where(p => p.PredictedLabel is not null)];
        double error = 0;
        for (int m = 1; m <= 15; m++)
        {
            EvaluatedPrediction[] bin = [.. known.Where(p => p.Probability > (m - 1) / 15.0 && p.Probability <= m / 15.0)];
            if (bin.Length > 0)
            {
                error += Math.Abs(bin.Average(p => p.IsCorrect ? 1.0 : 0) - bin.Average(p => p.Probability)) * bin.Length / known.Length;
            }
        }

        Calibration calibration = report.Calibration!;
        Assert.Equal(known.Length, calibration.Images);
        Assert.Equal(report.Correct, calibration.Bins.Sum(bin => bin.Correct));
        Assert.Equal(error, calibration.ExpectedError, 1e-12);
        Assert.InRange(calibration.MaximumError, calibration.ExpectedError - 1e-12, 1);
        Assert.All(calibration.Bins.Where(bin => bin.Images > 0), bin => Assert.InRange(bin.Confidence, bin.Lower - 1e-12, bin.Upper + 1e-12));
    });

    [Fact]
    public void New_NoInterval_Throws() => Assert.Throws<ArgumentException>(() => new Calibration([]));

    // Two classes, the first predicted with the given probability.
    private static void Add(EvaluationAccumulator accumulator, double confidence, bool isCorrect, int times)
    {
        float logit = (float)Math.Log(confidence / (1 - confidence));
        for (int i = 0; i < times; i++)
        {
            accumulator.Add(isCorrect ? 0 : 1, [logit, 0]);
        }
    }
}
