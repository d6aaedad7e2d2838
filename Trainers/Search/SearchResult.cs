using System.Globalization;
using MLClassify.Common;
using MLClassify.Reports;

namespace MLClassify.Trainers;

/// <summary>What the trials of a search came to, as a table, a CSV file and a page.</summary>
public sealed class SearchResult
{
    /// <summary>Takes the outcomes.</summary>
    /// <param name="outcomes">What the trials came to, in any order.</param>
    public SearchResult(IEnumerable<TrialOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        Outcomes =
        [
            .. outcomes.OrderByDescending(o => o.Accuracy ?? -1).ThenBy(o => o.Loss is { } loss && !double.IsNaN(loss) ? loss : double.MaxValue).ThenBy(o => o.Number),
        ];
    }

    /// <summary>The trials from the best to the worst: by accuracy, by loss among equals; those without a result last.</summary>
    public IReadOnlyList<TrialOutcome> Outcomes { get; }

    /// <summary>The best trial; null when none has a result.</summary>
    public TrialOutcome? Best => Outcomes.FirstOrDefault(o => o.Accuracy is not null);

    /// <summary>Whether the search was ended before its last trial. Default false.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The trials as a comparison shows them, from the best to the worst; those without a result are left out.</summary>
    public IReadOnlyList<ComparedRun> ToRuns()
    {
        string[] names = [.. Outcomes.SelectMany(o => o.Trial.Settings.Select(s => s.Name)).Distinct(StringComparer.Ordinal)];
        return
        [
            .. Outcomes.Where(o => o.Accuracy is not null).Select(o => new ComparedRun
            {
                Name = SearchFolder.NameOf(o.Number),
                Network = o.Network,
                Differences = [.. names.Select(name => (name, ValueOf(o, name) ?? "-"))],
                Epochs = o.Epochs,
                BestEpoch = o.BestEpoch,
                Accuracy = o.Accuracy,
                Loss = o.Loss,
                MacroF1 = o.MacroF1,
                Seconds = o.Elapsed.TotalSeconds,
            }),
        ];
    }

    /// <summary>A row a trial, from the best to the worst: number, settings, figures, note.</summary>
    public string ToCsv()
    {
        string[] names = [.. Outcomes.OrderBy(o => o.Number).SelectMany(o => o.Trial.Settings.Select(s => s.Name)).Distinct(StringComparer.Ordinal)];
        var csv = new Csv();
        csv.Row(["trial", .. names, "accuracy", "loss", "best_epoch", "seconds", "note"]);
        foreach (TrialOutcome outcome in Outcomes)
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
            csv.EndRow();
        }

        return csv.ToString();
    }

    /// <summary>Writes <see cref="ToCsv"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteCsv(string path) => AtomicFile.WriteAllText(path, ToCsv());

    /// <summary>Writes one page with the table and all curves; nothing when no trial has a result.</summary>
    /// <param name="path">The file, <c>.html</c>; written to a temporary name and renamed.</param>
    /// <param name="title">The page's title.</param>
    /// <returns>Whether there was something to write.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool WritePage(string path, string title = "Trials")
    {
        IReadOnlyList<ComparedRun> runs = ToRuns();
        if (runs.Count > 0)
        {
            ComparisonPage.Write(path, title, runs, [.. Outcomes.Where(o => o.Note.Length > 0).Select(o => $"{SearchFolder.NameOf(o.Number)} ({o.Trial}): {o.Note}")]);
        }

        return runs.Count > 0;
    }

    /// <summary>The trials with a result as a table, from the best to the worst, and a line for each without.</summary>
    public override string ToString()
    {
        IReadOnlyList<ComparedRun> runs = ToRuns();
        IEnumerable<string> others = Outcomes.Where(o => o.Accuracy is null).Select(o => $"{SearchFolder.NameOf(o.Number)}  {o.Trial}  no result: {o.Note}");
        return string.Join('\n', [.. runs.Count > 0 ? [ComparisonText.Format(runs)] : Array.Empty<string>(), .. others]);
    }

    private static string? ValueOf(TrialOutcome outcome, string name) => outcome.Trial.Settings.FirstOrDefault(s => s.Name == name).Value;
}
