using static MLClassify.Evaluation.Tests.Support.SyntheticCurves;

namespace MLClassify.Evaluation.Tests.Diagnosis;

public sealed class CurveDiagnosisTests
{
    private const int Seeds = 200;

    /// <summary>How often a verdict may be missed or wrongly given: the trends' test errs once in a hundred, and there are a few of them.</summary>
    private const double AllowedErrors = 0.05;

    [Theory]
    [InlineData(6, 0.01)]
    [InlineData(10, 0.02)]
    [InlineData(30, 0.03)]
    [InlineData(300, 0.08)]
    public void Of_BothFallingToTheEnd_SaysGoOnAndTrainLonger(int epochs, double noise) => IsFound(
        seed => Run(epochs, seed, noise, Decay(1.6, 0.4, 1.5), Decay(1.65, 0.5, 1.5)),
        [CurveVerdicts.BothFalling, CurveVerdicts.StillFalling],
        [CurveVerdicts.OverFitting, CurveVerdicts.BothFlat, CurveVerdicts.BothRising, CurveVerdicts.Shaking]);

    [Theory]
    [InlineData(6, 0.01)]
    [InlineData(30, 0.03)]
    [InlineData(300, 0.08)]
    public void EndsTooEarly_TrainingStillFalls_UnlessValidationRises(int epochs, double noise)
    {
        Assert.True(CurveDiagnosis.EndsTooEarly(Run(epochs, 1, noise, Decay(1.6, 0.4, 1.5), Decay(1.65, 0.5, 1.5))));
        Assert.True(CurveDiagnosis.EndsTooEarly(Run(epochs, 1, noise, Decay(1.6, 0.4, 1.5), validation: null)));
        Assert.False(CurveDiagnosis.EndsTooEarly(Run(epochs, 1, noise, Decay(1.6, 0.4, 1.5), Line(1, 3))));
        Assert.False(CurveDiagnosis.EndsTooEarly(Run(epochs, 1, noise, Line(1.6, 1.6), Line(1.65, 1.65))));
    }

    [Fact]
    public void EndsTooEarly_FewEpochsOrNothingLeftToLearnOrNoNumber_IsNotSaid()
    {
        Assert.False(CurveDiagnosis.EndsTooEarly(Run(3, 1, 0, Line(2, 1), Line(2, 1))));
        Assert.False(CurveDiagnosis.EndsTooEarly(Run(40, 1, 0, Decay(0.004, 0.0001, 1), Line(1, 0.5))));
        Assert.False(CurveDiagnosis.EndsTooEarly([.. Run(10, 1, 0, Line(2, 1), Line(2, 1)).Select(e => e with { TrainLoss = double.NaN })]));
    }

    [Theory]
    [InlineData(12, 0.01)]
    [InlineData(30, 0.02)]
    [InlineData(300, 0.05)]
    public void Of_BothFallingAndLevellingOff_SaysSo(int epochs, double noise) => IsFound(
        seed => Run(epochs, seed, noise, Decay(1.6, 0.3, 12), Decay(1.6, 0.4, 14)),
        [CurveVerdicts.BothFalling, CurveVerdicts.LeveledOff],
        [CurveVerdicts.OverFitting, CurveVerdicts.BothFlat, CurveVerdicts.BothRising, CurveVerdicts.Shaking]);

    [Theory]
    [InlineData(8, 0.01)]
    [InlineData(20, 0.03)]
    [InlineData(60, 0.06)]
    [InlineData(500, 0.1)]
    public void Of_ValidationRisesWhileTrainingFalls_IsOverFitting(int epochs, double noise) => IsFound(
        seed => Run(epochs, seed, noise, Decay(1.6, 0.01, 3), Valley(1.6, 0.7, 0.35, 1.3)),
        [CurveVerdicts.OverFitting],
        [CurveVerdicts.BothFalling, CurveVerdicts.BothFlat, CurveVerdicts.BothRising, CurveVerdicts.LeveledOff]);

    [Theory]
    [InlineData(6, 0.01)]
    [InlineData(20, 0.01)]
    [InlineData(100, 0.03)]
    public void Of_NeitherMoves_IsFlat(int epochs, double noise) => IsFound(
        seed => Run(epochs, seed, noise, Line(1.609, 1.6), Line(1.61, 1.61)),
        [CurveVerdicts.BothFlat],
        [CurveVerdicts.OverFitting, CurveVerdicts.BothFalling, CurveVerdicts.BothRising, CurveVerdicts.StillFalling, CurveVerdicts.Shaking]);

    [Theory]
    [InlineData(6, 0.01)]
    [InlineData(20, 0.03)]
    [InlineData(100, 0.06)]
    public void Of_BothRise_BlamesRateOrData(int epochs, double noise) => IsFound(
        seed => Run(epochs, seed, noise, Line(1.2, 2.4), Line(1.3, 2.8)),
        [CurveVerdicts.BothRising],
        [CurveVerdicts.OverFitting, CurveVerdicts.BothFalling, CurveVerdicts.BothFlat]);

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Of_ViolentNoise_IsShaking(int epochs) => IsFound(
        seed => Run(epochs, seed, 0.4, Line(1.5, 0.9), Line(1.5, 1)), [CurveVerdicts.Shaking], []);

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void Of_TrainingFallsAndValidationStands_DoesNotGeneralize(int epochs) => IsFound(
        seed => Run(epochs, seed, 0.01, Decay(1.6, 0.2, 3), Line(1.6, 1.6)), [CurveVerdicts.NotGeneralizing], [CurveVerdicts.BothFalling, CurveVerdicts.OverFitting]);

    // Five epochs' noise cannot be told from their fall: more than half the loss gone is a fall.
    [Fact]
    public void Of_FewNoisyEpochsThatFell_DoNotFailToGeneralize()
    {
        EpochResult[] epochs = Run(5, 1, 0, Decay(1.0, 0.3, 3), Line(1, 1));
        double[] validation = [1.0256, 0.62, 0.71, 0.40, 0.4276];
        epochs = [.. epochs.Zip(validation, (epoch, loss) => epoch with { ValLoss = loss })];

        Assert.DoesNotContain(CurveVerdicts.NotGeneralizing, Ids(epochs));
    }

    [Fact]
    public void Of_OneSpike_IsNoShaking()
    {
        EpochResult[] epochs = Run(30, 1, 0.01, Decay(1.6, 0.3, 5), Decay(1.6, 0.4, 5));
        epochs[15] = epochs[15] with { TrainLoss = 20, ValLoss = 15 };

        string[] ids = Ids(epochs);

        Assert.Contains(CurveVerdicts.BothFalling, ids);
        Assert.DoesNotContain(CurveVerdicts.Shaking, ids);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_FewEpochs_SaysThatTheyAreTooFew(int count)
    {
        Verdict verdict = Assert.Single(CurveDiagnosis.Of(Run(count, 1, 0, Line(2, 1), Line(2, 1))));

        Assert.Equal(CurveVerdicts.TooFewEpochs, verdict.Id);
        Assert.Contains(count == 1 ? "One epoch" : $"{count} epochs", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ShakingAfterABlowUp_IsMeasuredByWhatFollows()
    {
        EpochResult[] epochs = Run(20, 5, 0.4, Line(2.5, 2), Line(3, 2.5));
        epochs[0] = epochs[0] with { TrainLoss = 750, ValLoss = 145 };

        Assert.Contains(CurveVerdicts.Shaking, Ids(epochs));
    }

    [Fact]
    public void Of_ConstantZeroTrainingLoss_HasNothingToLearn()
    {
        string[] ids = Ids(Run(20, 1, 0.01, _ => 0, Line(0.4, 0.4)));

        Assert.Contains(CurveVerdicts.NothingToLearn, ids);
        Assert.DoesNotContain(CurveVerdicts.BothFlat, ids);
    }

    [Fact]
    public void Of_ZeroTrainingLossAndRisingValidation_IsOverFitting() =>
        Assert.Equal(CurveVerdicts.OverFitting, CurveDiagnosis.Of(Run(20, 1, 0.01, _ => 0, Line(0.4, 0.9)))[0].Id);

    [Fact]
    public void Of_AllZero_StillHasAnAnswer() => Assert.Equal(CurveVerdicts.NothingToLearn, CurveDiagnosis.Of(Run(10, 1, 0, _ => 0, _ => 0))[0].Id);

    [Theory]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.PositiveInfinity, "infinite")]
    [InlineData(1e200, "beyond all measure")]
    public void Of_LossThatIsNoNumber_NamesTheEpoch(double loss, string expected)
    {
        EpochResult[] epochs = Run(20, 1, 0.01, Decay(1.6, 0.3, 2), Decay(1.6, 0.4, 2));
        epochs[12] = epochs[12] with { TrainLoss = loss };

        IReadOnlyList<Verdict> verdicts = CurveDiagnosis.Of(epochs);

        Assert.Equal(CurveVerdicts.NotFinite, verdicts[0].Id);
        Assert.Contains($"In epoch 13 the training loss is {expected}", verdicts[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(CurveVerdicts.BothFalling, verdicts[1].Id);
    }

    [Fact]
    public void Of_NaNInTheFirstEpoch_SaysNothingElse()
    {
        EpochResult[] epochs = [.. Run(10, 1, 0, Line(1, 1), Line(1, 1)).Select(epoch => epoch with { ValLoss = double.NaN })];

        Verdict verdict = Assert.Single(CurveDiagnosis.Of(epochs));

        Assert.Contains("In epoch 1 the validation loss", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoValidation_SaysWhatCannotBeTold()
    {
        Verdict verdict = Assert.Single(CurveDiagnosis.Of(Run(10, 1, 0.01, Decay(1.6, 0.3, 2), null)));

        Assert.Equal(CurveVerdicts.NoValidation, verdict.Id);
        Assert.Contains("fell", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TenThousandEpochs_LooksAtFewPairs()
    {
        EpochResult[] epochs = Run(10_000, 1, 0.05, Decay(1.6, 0.02, 5), Valley(1.6, 0.5, 0.2, 1.1));

        long before = GC.GetAllocatedBytesForCurrentThread();
        IReadOnlyList<Verdict> verdicts = CurveDiagnosis.Of(epochs);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(CurveVerdicts.OverFitting, verdicts[0].Id);

        // A trend keeps the slope of every pair: of all the epochs' pairs, 400 MB.
        Assert.InRange(allocated, 0, 4 << 20);
    }

    [Fact]
    public void Of_AnyNumbers_HasAVerdictWithWords()
    {
        double[] strange = [0, -1, 1e-300, 1e99, 1e100, 1e308, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.5, 1.6];
        var random = new Random(20260101);
        for (int trial = 0; trial < 3000; trial++)
        {
            EpochResult[] epochs = [.. Enumerable.Range(1, random.Next(0, 12)).Select(epoch => new EpochResult(
                epoch, 1, Any(), Any(), random.Next(5) == 0 ? null : Any(), random.Next(5) == 0 ? null : Any(), Any()))];

            IReadOnlyList<Verdict> verdicts = CurveDiagnosis.Of(epochs);

            Assert.NotEmpty(verdicts);
            Assert.Equal(verdicts.Count, verdicts.Select(verdict => verdict.Id).Distinct().Count());
            Assert.All(verdicts, verdict => Assert.True(verdict.Sentence.Length > 20 && verdict.Advice.Length > 10 && verdict.Id.Length > 0));
            Assert.Equal(verdicts, CurveDiagnosis.Of(epochs));
        }

        double Any() => random.Next(3) == 0 ? strange[random.Next(strange.Length)] : random.NextDouble();
    }

    private static string[] Ids(IReadOnlyList<EpochResult> epochs) => [.. CurveDiagnosis.Of(epochs).Select(verdict => verdict.Id)];

    private static void IsFound(Func<int, EpochResult[]> run, string[] expected, string[] excluded)
    {
        var wrong = new List<string>();
        for (int seed = 0; seed < Seeds; seed++)
        {
            string[] ids = Ids(run(seed));
            if (!expected.All(ids.Contains) || excluded.Any(ids.Contains))
            {
                wrong.Add($"{seed}: {string.Join(", ", ids)}");
            }
        }

        Assert.True(wrong.Count <= AllowedErrors * Seeds, $"{wrong.Count} of {Seeds} wrong\n{string.Join('\n', wrong.Take(10))}");
    }
}
