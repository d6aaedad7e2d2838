using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>Judges a run by its results and its curves, in words: nothing is called good beside a result that is not.</summary>
internal static class RunDiagnosis
{
    /// <summary>The verdicts: what explains other problems, then other problems, then the rest; none where nothing was measured.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<Verdict> Of(JudgedRun run)
    {
        double? train = run.Epochs.FirstOrDefault(epoch => epoch.Epoch == run.BestEpoch)?.TrainAccuracy;
        List<Verdict> result = run.Validation is null ? [] : [.. ResultDiagnosis.Of(run.Validation, train, run.IsSolved)];
        List<Verdict> curves = run.IsSolved || run.Epochs.Count == 0 ? [] : [.. CurveDiagnosis.Of(run.Epochs)];
        if (curves.Any(verdict => verdict.Id is CurveVerdicts.OverFitting or CurveVerdicts.NotGeneralizing))
        {
            result.RemoveAll(verdict => verdict is { Id: ResultVerdicts.Gap, Tone: VerdictTone.Hint });
        }

        if (HeadWasBetter(run) is { } head)
        {
            result.Add(head);
        }

        AddOthers(result, run);
        bool isBad = result.Any(verdict => verdict.Tone == VerdictTone.Problem && verdict.Id != ResultVerdicts.FewImages);
        if (isBad)
        {
            // Curves that run as they should are no comfort here, and "more gains little" would be wrong advice.
            bool isUnlearned = result.Any(verdict => verdict.Id is ResultVerdicts.UnderFitting or ResultVerdicts.NearGuessing);
            curves = [.. curves.Where(verdict => !(isUnlearned && verdict.Tone == VerdictTone.Good)).Select(Soften)];
            result = [.. result.Select(Soften)];
        }

        return [.. result.Concat(curves).OrderBy(Rank)];
    }

    // Figures on other images have verdicts of their own, and make up for few images that were held out.
    private static void AddOthers(List<Verdict> result, JudgedRun run)
    {
        if (Math.Max(run.Test?.Images ?? 0, run.CrossValidation?.Images ?? 0) >= ResultDiagnosis.VeryFewImages)
        {
            result.RemoveAll(verdict => verdict.Id == ResultVerdicts.FewImages);
        }

        foreach ((EvaluationResult? other, string id, string what) in new[] { (run.Test, "test_", "Test images: "), (run.CrossValidation, "cross_validation_", "Cross-validation: ") })
        {
            if (other is not null)
            {
                result.AddRange(ResultDiagnosis.Of(other, trainAccuracy: null)
                    .Where(verdict => verdict.Tone == VerdictTone.Problem)
                    .Select(verdict => verdict with { Id = id + verdict.Id, Sentence = what + verdict.Sentence }));
            }
        }

        if (run is { Test: { } test, Validation: { } validation }
            && (test.AccuracyInterval.High < validation.AccuracyInterval.Low || validation.AccuracyInterval.High < test.AccuracyInterval.Low))
        {
            result.Add(new Verdict(
                ResultVerdicts.PartsDiffer,
                VerdictTone.Problem,
                Text($"{DisplayText.Percent(test.Accuracy)} of the test images are recognized and {DisplayText.Percent(validation.Accuracy)} of those held out: more than chance lies between them (95 % intervals {test.AccuracyInterval} and {validation.AccuracyInterval})."),
                "Believe the test. Check that both parts are of the same kind and labeled by the same rules, and that no image is in both parts or among the training images."));
        }
    }

    // What explains the others is seen first.
    private static int Rank(Verdict verdict) => verdict switch
    {
        { Id: ResultVerdicts.SeenImages } => 0,
        { Tone: VerdictTone.Problem, Id: CurveVerdicts.NotFinite or CurveVerdicts.BothFlat or CurveVerdicts.BothRising } => 1,
        { Tone: VerdictTone.Problem } when !IsOfCurves(verdict) => 2,
        { Tone: VerdictTone.Problem } => 3,
        _ when !IsOfCurves(verdict) => 4,
        _ => 5,
    };

    private static bool IsOfCurves(Verdict verdict) => verdict.Id is CurveVerdicts.BothFalling or CurveVerdicts.StillFalling or CurveVerdicts.LeveledOff
        or CurveVerdicts.Shaking or CurveVerdicts.OverFitting or CurveVerdicts.NotGeneralizing or CurveVerdicts.NothingToLearn or CurveVerdicts.TooFewEpochs
        or CurveVerdicts.NoValidation or CurveVerdicts.Unclear;

    private static Verdict Soften(Verdict verdict) => verdict.Tone == VerdictTone.Good
        ? verdict with { Tone = VerdictTone.Hint, Advice = verdict.Id == CurveVerdicts.BothFalling ? "The curves are as they should be; what is wrong is named above." : verdict.Advice }
        : verdict;

    private static Verdict? HeadWasBetter(JudgedRun run)
    {
        EpochResult? head = Best(run.Epochs.Where(epoch => epoch.Epoch <= run.HeadEpochs));
        EpochResult? whole = Best(run.Epochs.Where(epoch => epoch.Epoch > run.HeadEpochs));
        return head is null || whole is null || run.BestEpoch > run.HeadEpochs ? null : new Verdict(
            ResultVerdicts.HeadWasBetter,
            VerdictTone.Hint,
            Text($"The head alone recognized {DisplayText.Percent(head.ValAccuracy ?? 0)} in epoch {head.Epoch}; the whole network, trained after it, never more than {DisplayText.Percent(whole.ValAccuracy ?? 0)}."),
            "Train the head alone, which takes a fraction of the time, or the whole network at a lower learning rate.");
    }

    private static EpochResult? Best(IEnumerable<EpochResult> epochs) =>
        epochs.Where(epoch => epoch.ValAccuracy is { } accuracy && double.IsFinite(accuracy)).OrderByDescending(epoch => epoch.ValAccuracy).FirstOrDefault();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
