using MLClassify.Common;
using MLClassify.Trainers;

namespace MLClassify.Reports;

/// <summary>What the trials of a search came to, as a table, a CSV file and a page.</summary>
public static class SearchReport
{
    /// <summary>The trials as a comparison shows them, from the best to the worst; those without a result are left out.</summary>
    /// <param name="result">The search's result.</param>
    public static IReadOnlyList<ComparedRun> ToRuns(this SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string[] names = [.. result.Outcomes.SelectMany(o => o.Trial.Settings.Select(s => s.Name)).Distinct(StringComparer.Ordinal)];
        return
        [
            .. result.Outcomes.Where(o => o.Accuracy is not null).Select(o => new ComparedRun
            {
                Name = SearchFolder.NameOf(o.Number),
                Network = o.Network,
                Differences = [.. names.Select(name => (name, ValueOf(o, name) ?? "-"))],
                Epochs = o.Epochs,
                BestEpoch = o.BestEpoch,
                Accuracy = o.Accuracy,
                Images = o.Images,
                Loss = o.Loss,
                MacroF1 = o.MacroF1,
                Seconds = o.Elapsed.TotalSeconds,
            }),
        ];
    }

    /// <summary>A row a trial, from the best to the worst: number, settings, figures, note.</summary>
    /// <param name="result">The search's result.</param>
    public static string ToCsv(this SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string[] names = [.. result.Outcomes.OrderBy(o => o.Number).SelectMany(o => o.Trial.Settings.Select(s => s.Name)).Distinct(StringComparer.Ordinal)];
        var csv = new Csv();
        csv.Row(["trial", .. names, "accuracy", "loss", "best_epoch", "seconds", "note", "accuracy_low", "accuracy_high", "images"]);
        foreach (TrialOutcome outcome in result.Outcomes)
        {
            csv.Number(outcome.Number);
            foreach (string name in names)
            {
                csv.Text(ValueOf(outcome, name) ?? "");
            }

            csv.Number(outcome.Accuracy);
            csv.Number(outcome.Loss);
            csv.Number(outcome.BestEpoch);
            csv.Number(outcome.Elapsed.TotalSeconds, "0.###");
            csv.Text(outcome.Note);
            csv.Number(outcome.AccuracyInterval?.Low, "0.####");
            csv.Number(outcome.AccuracyInterval?.High, "0.####");
            csv.Number(outcome.Images);
            csv.EndRow();
        }

        return csv.ToString();
    }

    /// <summary>The trials with a result as a table of text, from the best to the worst, and a line for each without.</summary>
    /// <param name="result">The search's result.</param>
    public static string ToTable(this SearchResult result)
    {
        IReadOnlyList<ComparedRun> runs = ToRuns(result);
        IEnumerable<string> others = result.Outcomes.Where(o => o.Accuracy is null).Select(o => $"{SearchFolder.NameOf(o.Number)}  {o.Trial}  no result: {o.Note}");
        return string.Join('\n', [.. runs.Count > 0 ? [ComparisonText.Format(runs)] : Array.Empty<string>(), .. others]);
    }

    /// <summary>Writes <see cref="ToCsv"/>.</summary>
    /// <param name="result">The search's result.</param>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteCsv(this SearchResult result, string path) => AtomicFile.WriteAllText(path, ToCsv(result));

    /// <summary>Writes one page with the table and all curves; nothing when no trial has a result.</summary>
    /// <param name="result">The search's result.</param>
    /// <param name="path">The file, <c>.html</c>; written to a temporary name and renamed.</param>
    /// <param name="title">The page's title.</param>
    /// <returns>Whether there was something to write.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static bool WritePage(this SearchResult result, string path, string title = "Trials")
    {
        IReadOnlyList<ComparedRun> runs = ToRuns(result);
        if (runs.Count > 0)
        {
            string[] notes = [.. Cautions(result), .. result.Outcomes.Where(o => o.Note.Length > 0).Select(o => $"{SearchFolder.NameOf(o.Number)} ({o.Trial}): {o.Note}")];
            ComparisonPage.Write(path, title, runs, notes);
        }

        return runs.Count > 0;
    }

    private static IEnumerable<string> Cautions(SearchResult result)
    {
        if (result.Caution is { } caution)
        {
            yield return caution;
        }

        if (result.Test is { } test)
        {
            yield return FormattableString.Invariant($"The best trial's model recognizes {100 * test.Accuracy:0.0} % of {test.Images} test images that no trial saw (95 % interval {test.AccuracyInterval}): this is the figure to expect.");
        }
    }

    private static string? ValueOf(TrialOutcome outcome, string name) => outcome.Trial.Settings.FirstOrDefault(s => s.Name == name).Value;
}
