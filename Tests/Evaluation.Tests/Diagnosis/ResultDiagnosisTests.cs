namespace MLClassify.Evaluation.Tests.Diagnosis;

public sealed class ResultDiagnosisTests
{
    [Fact]
    public void Of_HalfRightOnThreeClassesAndInTraining_IsAProblem()
    {
        // 50 % where guessing gives 33 %, and hardly more of the training images: nothing of this is good.
        IReadOnlyList<Verdict> verdicts = ResultDiagnosis.Of(Result([30, 15, 15], [15, 30, 15], [15, 15, 30]), trainAccuracy: 0.496);

        Verdict problem = Assert.Single(verdicts);
        Assert.Equal((ResultVerdicts.UnderFitting, VerdictTone.Problem), (problem.Id, problem.Tone));
        Assert.Contains("Of the training images 49.6 % are recognized, of the others 50.0 %", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OneClassForEverything_NamesGuessingAndTheClassesNeverPredicted()
    {
        // 72 % where the largest class is 70 %: three of four classes are not recognized at all.
        Verdict[] verdicts = [.. ResultDiagnosis.Of(Result([140, 0, 0, 0], [20, 0, 0, 0], [20, 0, 0, 0], [16, 0, 0, 4]), trainAccuracy: 0.73)];

        Assert.All(verdicts, verdict => Assert.Equal(VerdictTone.Problem, verdict.Tone));
        Assert.Equal([ResultVerdicts.NearGuessing, ResultVerdicts.NeverPredicted, ResultVerdicts.UnderFitting], verdicts.Select(v => v.Id));
        Assert.Contains("always answering \"class 0\", which would be right for 70.0 %", verdicts[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("No image is taken for \"class 1\" and \"class 2\", though 40 are", verdicts[1].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ClassThatIsMostlyMissed_IsNamedWithItsCounts()
    {
        Verdict missed = Assert.Single(Result([190, 5, 5], [5, 190, 5], [10, 6, 4]).Diagnosis);

        Assert.Equal((ResultVerdicts.MissedClasses, VerdictTone.Problem), (missed.Id, missed.Tone));
        Assert.Contains("Most images of \"class 2\" (4 of 20 recognized) are missed", missed.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RareClassThatIsFound_IsNotCalledGuessing()
    {
        // 96 % where always "class 0" gives 95 %: but 45 of 50 of the rare class are found.
        IReadOnlyList<Verdict> verdicts = ResultDiagnosis.Of(Result([915, 35], [5, 45]), trainAccuracy: 0.97);

        Verdict verdict = Assert.Single(verdicts);
        Assert.Equal((ResultVerdicts.AboveGuessing, VerdictTone.Good), (verdict.Id, verdict.Tone));
    }

    [Fact]
    public void Of_TwoOfThreeImages_SaysHowLittleThatIs()
    {
        IReadOnlyList<Verdict> verdicts = Result([1, 0, 0], [0, 1, 0], [0, 1, 0]).Diagnosis;

        Verdict guessing = Assert.Single(verdicts, verdict => verdict.Id == ResultVerdicts.NearGuessing);
        Assert.Contains("66.7 % of 3 images are recognized (95 % interval 20.8 to 93.9 %)", guessing.Sentence, StringComparison.Ordinal);
        Assert.Contains("With so few images little can be told", guessing.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(verdicts, verdict => verdict.Tone == VerdictTone.Good);
    }

    [Fact]
    public void Of_AllOfTwelveImages_IsStillAProblem()
    {
        Verdict few = Assert.Single(Result([4, 0, 0], [0, 4, 0], [0, 0, 4]).Diagnosis);

        Assert.Equal((ResultVerdicts.FewImages, VerdictTone.Problem), (few.Id, few.Tone));
        Assert.Contains("12 images were measured: the accuracy lies anywhere from 75.8 to 100.0 %", few.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, VerdictTone.Hint)]
    [InlineData(33, VerdictTone.Hint)]
    [InlineData(34, null)]
    public void Of_GoodResult_HintsAtFewImages(int perClass, VerdictTone? expected)
    {
        IReadOnlyList<Verdict> verdicts = Result([perClass, 0, 0], [0, perClass, 0], [0, 1, perClass - 1]).Diagnosis;

        Assert.Equal((ResultVerdicts.AboveGuessing, VerdictTone.Good), (verdicts[0].Id, verdicts[0].Tone));
        Assert.Equal(expected, verdicts.FirstOrDefault(verdict => verdict.Id == ResultVerdicts.FewImages)?.Tone);
    }

    [Theory]
    [InlineData(0.98, VerdictTone.Problem, 50)]
    [InlineData(0.98, VerdictTone.Hint, 70)]
    [InlineData(0.8, null, 70)]
    public void Of_TrainingAboveTheOthers_IsAGap(double train, VerdictTone? expected, int correct)
    {
        int wrong = 100 - correct;
        IReadOnlyList<Verdict> verdicts = ResultDiagnosis.Of(Result([correct, wrong, 0], [0, correct, wrong], [wrong, 0, correct]), train);

        Verdict? gap = verdicts.FirstOrDefault(verdict => verdict.Id == ResultVerdicts.Gap);
        Assert.Equal(expected, gap?.Tone);
        if (gap is not null)
        {
            Assert.Contains($"98.0 % against {correct}.0 %", gap.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_TrainedOnSome_IsAProblemBeforeAllElse()
    {
        EvaluationResult seen = new(
            new ConfusionMatrix(["a", "b"], new long[,] { { 300, 0 }, { 0, 300 } }), [0, 0], 2, 1, 0.1, [])
        { TrainedOn = 540 };

        Verdict first = seen.Diagnosis[0];
        Assert.Equal((ResultVerdicts.SeenImages, VerdictTone.Problem), (first.Id, first.Tone));
        Assert.Contains("trained on 540 of these 600 images", first.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Diagnosis, verdict => verdict.Tone == VerdictTone.Good);
    }

    // 180 of one class, 6 of the other; learned by heart, and the rare one is never found.
    [Fact]
    public void Of_RareClassNeverFound_NamesItAndNotTheEpochs()
    {
        IReadOnlyList<Verdict> verdicts = ResultDiagnosis.Of(Result([18, 0], [1, 0]), trainAccuracy: 1, isSolved: true);

        Assert.Contains(verdicts, verdict => verdict is { Id: ResultVerdicts.NeverPredicted, Tone: VerdictTone.Problem });
        Assert.DoesNotContain(verdicts, verdict => verdict.Id == ResultVerdicts.UnderFitting || verdict.Advice.Contains("learning rate, more epochs", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_RareClassKnownFromTwoImages_IsNotCalledGood()
    {
        IReadOnlyList<Verdict> verdicts = ResultDiagnosis.Of(Result([63, 0], [0, 2]), trainAccuracy: 1);

        Assert.DoesNotContain(verdicts, verdict => verdict.Tone == VerdictTone.Good);
        Assert.Contains("\"class 1\" (2) fewer than 5 images", Assert.Single(verdicts, verdict => verdict.Id == ResultVerdicts.FewOfAClass).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoImageOrOneClass_NeverThrows()
    {
        Assert.Empty(Result([0, 0], [0, 0]).Diagnosis);
        Assert.NotEmpty(Result([7]).Diagnosis);
        Assert.NotEmpty(Result([200, 0], [0, 0]).Diagnosis);
    }

    // Predictions that have nothing to do with the classes: 95 of 100 such results must not be called better than guessing.
    [Theory]
    [InlineData(2, 60)]
    [InlineData(5, 300)]
    [InlineData(40, 400)]
    public void Of_RandomAnswers_AreNearGuessing(int classes, int images)
    {
        const int Seeds = 200;
        int missed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var matrix = new ConfusionMatrix([.. Enumerable.Range(0, classes).Select(i => $"class {i}")]);
            for (int i = 0; i < images; i++)
            {
                matrix.Add(i % classes, random.Next(classes));
            }

            missed += ResultDiagnosis.Of(Result(matrix), null).Any(verdict => verdict.Id == ResultVerdicts.NearGuessing) ? 0 : 1;
        }

        // One-sided 2.5 % by each of two intervals that hardly differ here; 5 % allowed with the spread of 200 draws.
        Assert.InRange(missed, 0, 16);
    }

    private static EvaluationResult Result(params long[][] rows)
    {
        var counts = new long[rows.Length, rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                counts[i, j] = rows[i][j];
            }
        }

        return Result(new ConfusionMatrix([.. Enumerable.Range(0, rows.Length).Select(i => $"class {i}")], counts));
    }

    private static EvaluationResult Result(ConfusionMatrix matrix) => new(matrix, new long[matrix.Classes], 1, 1, 0.5, []);
}
