using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Compares finished runs: the differences in their configurations, and their results.</summary>
public static class RunComparison
{
    private const string Absent = "-";

    /// <summary>The runs as a comparison shows them, in the order given.</summary>
    /// <param name="runs">The runs.</param>
    public static IReadOnlyList<ComparedRun> Create(IReadOnlyList<FinishedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        string[] names = DistinctNames.Of([.. runs.Select(run => run.Folder)]);
        string[] different = [.. runs.SelectMany(run => run.Settings.Keys).Distinct(StringComparer.Ordinal).Where(key => Differs(runs, key))];
        return [.. runs.Select((run, i) => Create(run, names[i], different))];
    }

    /// <summary>Why the runs' figures should not be compared, in sentences; none where they may.</summary>
    /// <param name="runs">The runs.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<FinishedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var warnings = new List<string>();
        FinishedRun[] measured = [.. runs.Where(run => run.Report is not null)];
        long[] images = [.. measured.Select(run => run.Report!.Images).Distinct()];
        if (images.Length > 1)
        {
            warnings.Add(FormattableString.Invariant(
                $"The runs were not measured on the same images ({images.Min()} to {images.Max()} held out): small differences mean nothing."));
        }

        else if (measured.Select(HeldOut).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            warnings.Add("The runs were not measured on the same images (folder, split or seed differ): small differences mean nothing.");
        }

        if (images.Length == 1 && measured.Length > 1)
        {
            FinishedRun best = measured.MaxBy(run => run.Report!.Accuracy)!;
            int alike = measured.Count(run => run.Report!.Accuracy >= best.Report!.AccuracyInterval.Low);
            if (alike > 1)
            {
                warnings.Add(FormattableString.Invariant(
                    $"{alike} runs cannot be told apart by these {images[0]} images: their accuracies lie inside the best one's interval, {best.Report!.AccuracyInterval}."));
            }
        }

        if (measured.Select(run => string.Join('\n', run.Report!.ConfusionMatrix.ClassNames)).Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            warnings.Add("The runs have different classes: their figures cannot be compared.");
        }

        foreach (FinishedRun run in runs.Where(run => run.Report is null))
        {
            warnings.Add($"{Path.GetFileName(run.Folder)} has no {ReportFolder.Metrics}: it still goes on, or was cut off. Its figures are its best epoch's.");
        }

        return warnings;
    }

    /// <summary>A table of text: a row a run, in the order given, with a column for everything in which they differ.</summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static string ToTable(IReadOnlyList<ComparedRun> runs) => ComparisonText.Format(runs);

    /// <summary>Writes one self-contained page: a table, and all runs' curves in the same charts.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="runs">The runs, at least one; they are shown from the best to the worst.</param>
    /// <param name="warnings">Warnings, such as those of <see cref="Warnings"/>; none when null.</param>
    /// <param name="title">The page's title.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void WritePage(string path, IReadOnlyList<ComparedRun> runs, IReadOnlyList<string>? warnings = null, string title = "Comparison of runs") =>
        ComparisonPage.Write(path, title, runs, warnings);

    // What decides which images are held out; the seed only where it draws them.
    private static string HeldOut(FinishedRun run)
    {
        string Of(string key) => run.Settings.GetValueOrDefault(key, Absent);
        bool isDrawn = Of("data.val") == Absent && Of("data.split_every") == Absent;
        return string.Join('\n', [Of("data.folder"), Of("data.labels"), Of("data.val"), Of("data.split"), Of("data.split_every"), Of("data.test"), Of("data.group"), Of("data.near_duplicates"), isDrawn ? Of("seed") : ""]);
    }

    private static bool Differs(IReadOnlyList<FinishedRun> runs, string key) =>
        key is not ("backbone" or "from") && runs.Select(run => run.Settings.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Skip(1).Any();

    private static ComparedRun Create(FinishedRun run, string name, string[] different) => new()
    {
        Name = name,
        Network = run.Network,
        Differences = [.. different.Select(key => (key, run.Settings.GetValueOrDefault(key, Absent)))],
        Epochs = run.Epochs,
        BestEpoch = run.BestEpoch?.Epoch,
        Images = run.Report?.Images,
        Test = run.Test,
        CrossValidation = run.CrossValidation,
        PlannedEpochs = int.TryParse(run.Settings.GetValueOrDefault("epochs"), CultureInfo.InvariantCulture, out int planned) ? planned : null,
        Diagnosis = RunDiagnosis.Of(new JudgedRun
        {
            Validation = run.Report,
            Epochs = run.Epochs,
            BestEpoch = run.BestEpoch?.Epoch,
            IsSolved = run.Settings.GetValueOrDefault("optimizer") == "lbfgs",
            Test = run.Test,
            CrossValidation = run.CrossValidation,
        }),
        Accuracy = run.Report?.Accuracy ?? run.BestEpoch?.ValAccuracy,
        Loss = run.Report?.Loss ?? run.BestEpoch?.ValLoss,
        MacroF1 = run.Report?.MacroF1,
        Seconds = run.Epochs.Count == 0 ? null : run.Epochs.Sum(epoch => epoch.Time),
    };
}
