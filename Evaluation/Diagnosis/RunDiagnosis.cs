using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>Judges a run by its result and its curves, in words: nothing is called good beside a result that is not.</summary>
internal static class RunDiagnosis
{
    /// <summary>The verdicts, the result's before the curves'; none where nothing was measured.</summary>
    /// <param name="report">The best epoch's result; null where there is none.</param>
    /// <param name="epochs">The epochs in ascending order; a head that was solved has one row.</param>
    /// <param name="bestEpoch">The epoch that was kept; null where there is none.</param>
    /// <param name="isSolved">Whether a head was solved: its one row makes no curve.</param>
    /// <param name="headEpochs">The number of first epochs in which the head alone was trained, of a run that went on to the whole network.</param>
    public static IReadOnlyList<Verdict> Of(EvaluationResult? report, IReadOnlyList<EpochResult> epochs, int? bestEpoch, bool isSolved, int headEpochs)
    {
        double? train = epochs.FirstOrDefault(epoch => epoch.Epoch == bestEpoch)?.TrainAccuracy;
        List<Verdict> result = report is null ? [] : [.. ResultDiagnosis.Of(report, train)];
        List<Verdict> curves = isSolved || epochs.Count == 0 ? [] : [.. CurveDiagnosis.Of(epochs)];
        if (curves.Any(verdict => verdict.Id is CurveVerdicts.OverFitting or CurveVerdicts.NotGeneralizing))
        {
            result.RemoveAll(verdict => verdict is { Id: ResultVerdicts.Gap, Tone: VerdictTone.Hint });
        }

        if (HeadWasBetter(epochs, bestEpoch, headEpochs) is { } head)
        {
            result.Add(head);
        }

        bool isBad = result.Any(verdict => verdict.Tone == VerdictTone.Problem && verdict.Id != ResultVerdicts.FewImages);
        if (isBad)
        {
            // Curves that run as they should are no comfort here, and "more gains little" would be wrong advice.
            bool isUnlearned = result.Any(verdict => verdict.Id is ResultVerdicts.UnderFitting or ResultVerdicts.NearGuessing);
            curves = [.. curves.Where(verdict => !(isUnlearned && verdict.Tone == VerdictTone.Good)).Select(Soften)];
        }

        return [.. result, .. curves];
    }

    private static Verdict Soften(Verdict verdict) => verdict.Tone == VerdictTone.Good
        ? verdict with { Tone = VerdictTone.Hint, Advice = verdict.Id == CurveVerdicts.BothFalling ? "The curves are as they should be; what is wrong is named above." : verdict.Advice }
        : verdict;

    private static Verdict? HeadWasBetter(IReadOnlyList<EpochResult> epochs, int? bestEpoch, int headEpochs)
    {
        EpochResult? head = Best(epochs.Where(epoch => epoch.Epoch <= headEpochs));
        EpochResult? whole = Best(epochs.Where(epoch => epoch.Epoch > headEpochs));
        return head is null || whole is null || bestEpoch > headEpochs ? null : new Verdict(
            ResultVerdicts.HeadWasBetter,
            VerdictTone.Hint,
            string.Create(CultureInfo.InvariantCulture, $"The head alone recognized {DisplayText.Percent(head.ValAccuracy ?? 0)} in epoch {head.Epoch}; the whole network, trained after it, never more than {DisplayText.Percent(whole.ValAccuracy ?? 0)}."),
            "Train the head alone, which takes a fraction of the time, or the whole network at a lower learning rate.");
    }

    private static EpochResult? Best(IEnumerable<EpochResult> epochs) =>
        epochs.Where(epoch => epoch.ValAccuracy is { } accuracy && double.IsFinite(accuracy)).OrderByDescending(epoch => epoch.ValAccuracy).FirstOrDefault();
}
