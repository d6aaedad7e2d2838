using static MLClassify.Evaluation.Tests.Support.SyntheticCurves;

namespace MLClassify.Evaluation.Tests.Diagnosis;

public sealed class RunDiagnosisTests
{
    [Fact]
    public void Of_SmoothCurvesAndABadResult_SaysNothingGood()
    {
        EpochResult[] epochs = Curves(trainAccuracy: 0.496);
        Assert.Contains(CurveDiagnosis.Of(epochs), verdict => verdict.Tone == VerdictTone.Good);

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(Result(50), epochs, bestEpoch: 12, isSolved: false, headEpochs: 0);

        Assert.Equal(VerdictTone.Problem, verdicts[0].Tone);
        Assert.DoesNotContain(verdicts, verdict => verdict.Tone == VerdictTone.Good || verdict.Advice.Contains("Go on like this", StringComparison.Ordinal));
        Assert.DoesNotContain(verdicts, verdict => verdict.Advice.Contains("gain little", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SmoothCurvesAndAGoodResult_SaysBoth()
    {
        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(Result(95), Curves(trainAccuracy: 0.97), bestEpoch: 12, isSolved: false, headEpochs: 0);

        Assert.Equal(ResultVerdicts.AboveGuessing, verdicts[0].Id);
        Assert.Contains(verdicts, verdict => verdict is { Id: CurveVerdicts.BothFalling, Tone: VerdictTone.Good });
    }

    [Fact]
    public void Of_SolvedHead_IsJudgedWithoutCurves()
    {
        var row = new EpochResult(1, 1, 0.9, 0.55, 1, 0.5, 0);

        Verdict verdict = Assert.Single(RunDiagnosis.Of(Result(50), [row], bestEpoch: 1, isSolved: true, headEpochs: 0));

        Assert.Equal(ResultVerdicts.UnderFitting, verdict.Id);
    }

    [Fact]
    public void Of_OverFittingCurves_DoNotNameTheGapTwice()
    {
        EpochResult[] epochs = [.. Run(20, 1, 0.01, Decay(1.6, 0.01, 3), Valley(1.6, 0.7, 0.35, 1.3)).Select(epoch => epoch with { TrainAccuracy = 0.99 })];

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(Result(80), epochs, bestEpoch: 8, isSolved: false, headEpochs: 0);

        Assert.Contains(verdicts, verdict => verdict.Id == CurveVerdicts.OverFitting);
        Assert.DoesNotContain(verdicts, verdict => verdict.Id == ResultVerdicts.Gap);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(5, false)]
    public void Of_HeadFirst_SaysWhereTheHeadAloneWasBetter(int best, bool isSaid)
    {
        EpochResult[] epochs = [.. Curves(0.97).Select(epoch => epoch with { ValAccuracy = epoch.Epoch == best ? 0.95 : 0.9 })];

        IReadOnlyList<Verdict> verdicts = RunDiagnosis.Of(Result(95), epochs, best, isSolved: false, headEpochs: 3);

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
