using static MLClassify.Evaluation.Tests.Support.SyntheticCurves;

namespace MLClassify.Evaluation.Tests.Diagnosis;

public sealed class RunDiagnosisTests
{
    [Fact]
    public void Of_SmoothCurvesAndABadResult_SaysNothingGood()
    {
        EpochResult[] epochs = Curves(trainAccuracy: 0.496);
        Assert.Contains(CurveDiagnosis.Of(epochs), verdict => verdict.Tone == VerdictTone.Good);

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(50), Epochs = epochs, BestEpoch = 12, IsSolved = false, HeadEpochs = 0 });

        Assert.Equal(VerdictTone.Problem, verdicts[0].Tone);
        Assert.DoesNotContain(verdicts, verdict => verdict.Tone == VerdictTone.Good || verdict.Advice.Contains("Go on like this", StringComparison.Ordinal));
        Assert.DoesNotContain(verdicts, verdict => verdict.Advice.Contains("gain little", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SmoothCurvesAndAGoodResult_SaysBoth()
    {
        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(95), Epochs = Curves(trainAccuracy: 0.97), BestEpoch = 12, IsSolved = false, HeadEpochs = 0 });

        Assert.Equal(ResultVerdicts.AboveGuessing, verdicts[0].Id);
        Assert.Contains(verdicts, verdict => verdict is { Id: CurveVerdicts.BothFalling, Tone: VerdictTone.Good });
    }

    [Fact]
    public void Of_SolvedHead_IsJudgedWithoutCurves()
    {
        var row = new EpochResult(1, 1, 0.9, 0.55, 1, 0.5, 0);

        Verdict verdict = Assert.Single(RunDiagnosis.Of(new JudgedRun { Validation = Result(50), Epochs = [row], BestEpoch = 1, IsSolved = true, HeadEpochs = 0 }));

        Assert.Equal(ResultVerdicts.UnderFitting, verdict.Id);
    }

    [Fact]
    public void Of_TestThatDoesNotFit_IsAProblemAndNothingIsGood()
    {
        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(90), Epochs = Curves(0.97), BestEpoch = 12, Test = Result(50) });

        Verdict differ = Assert.Single(verdicts, verdict => verdict.Id == ResultVerdicts.PartsDiffer);
        Assert.Contains("50.0 % of the test images are recognized and 90.0 % of those held out", differ.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(verdicts, verdict => verdict.Tone == VerdictTone.Good);
        Assert.DoesNotContain(
            RunDiagnosis.Of(new JudgedRun { Validation = Result(90), Epochs = Curves(0.97), BestEpoch = 12, Test = Result(88) }), verdict => verdict.Id == ResultVerdicts.PartsDiffer);
    }

    [Fact]
    public void Of_TrainingImagesAmongFolds_AreToldOfThePart()
    {
        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(95), Epochs = Curves(0.97), BestEpoch = 12, CrossValidation = Result(99).WithTrainedOn(290) });

        Assert.Equal(("cross_validation_seen_images", VerdictTone.Problem), (verdicts[0].Id, verdicts[0].Tone));
        Assert.StartsWith("Cross-validation: The model was trained on 290 of these 300 images", verdicts[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FewHeldOutBesideManyInFolds_AsksForNoMore()
    {
        EvaluationResult few = new(new ConfusionMatrix(["a", "b", "c"], new long[,] { { 3, 0, 0 }, { 0, 3, 0 }, { 0, 0, 3 } }), [0, 0, 0], 3, 1, 0.5, []);
        Assert.Contains(RunDiagnosis.Of(new JudgedRun { Validation = few }), verdict => verdict.Id == ResultVerdicts.FewImages);
        Assert.DoesNotContain(RunDiagnosis.Of(new JudgedRun { Validation = few, CrossValidation = Result(95) }), verdict => verdict.Id == ResultVerdicts.FewImages);
    }

    [Fact]
    public void Of_RateFarTooLow_SaysHigherBeforeAllElse()
    {
        EpochResult[] epochs = [.. Run(6, 1, 0.001, Line(1.11, 1.11), Line(1.11, 1.11)).Select(epoch => epoch with { LearningRate = 1e-7, TrainAccuracy = 0.34 })];

        Verdict first = RunDiagnosis.Of(new JudgedRun { Validation = Result(34), Epochs = epochs, BestEpoch = 6 })[0];

        Assert.Equal(CurveVerdicts.BothFlat, first.Id);
        Assert.Contains("its highest was 1E-07): a hundred times higher", first.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OverFittingCurves_DoNotNameTheGapTwice()
    {
        EpochResult[] epochs = [.. Run(20, 1, 0.01, Decay(1.6, 0.01, 3), Valley(1.6, 0.7, 0.35, 1.3)).Select(epoch => epoch with { TrainAccuracy = 0.99 })];

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(80), Epochs = epochs, BestEpoch = 8, IsSolved = false, HeadEpochs = 0 });

        Assert.Contains(verdicts, verdict => verdict.Id == CurveVerdicts.OverFitting);
        Assert.DoesNotContain(verdicts, verdict => verdict.Id == ResultVerdicts.Gap);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(5, false)]
    public void Of_HeadFirst_SaysWhereTheHeadAloneWasBetter(int best, bool isSaid)
    {
        EpochResult[] epochs = [.. Curves(0.97).Select(epoch => epoch with { ValAccuracy = epoch.Epoch == best ? 0.95 : 0.9 })];

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(new JudgedRun { Validation = Result(95), Epochs = epochs, BestEpoch = best, HeadEpochs = 3 });

        Assert.Equal(isSaid, verdicts.Any(verdict => verdict.Id == ResultVerdicts.HeadWasBetter
            && verdict.Sentence.Contains("95.0 % in epoch 2", StringComparison.Ordinal) && verdict.Sentence.Contains("more than 90.0 %", StringComparison.Ordinal)));
    }

    private static EpochResult[] Curves(double trainAccuracy) =>
        [.. Run(12, 1, 0.01, Decay(1.6, 0.3, 12), Decay(1.6, 0.4, 14)).Select(epoch => epoch with { TrainAccuracy = trainAccuracy })];

    private static EvaluationResult Result(long correct)
    {
        long half = (100 - correct) / 2;
        long[,] counts = { { correct, half, 100 - correct - half }, { half, correct, 100 - correct - half }, { half, 100 - correct - half, correct } };
        return new EvaluationResult(new ConfusionMatrix(["a", "b", "c"], counts), [0, 0, 0], 3, 1, 0.5, []);
    }
}
