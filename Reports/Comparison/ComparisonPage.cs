using System.Globalization;
using MLClassify.Common;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>One self-contained page that shows several runs together: a table, and all their curves in the same charts.</summary>
internal static class ComparisonPage
{
    /// <summary>More runs than these cannot be told apart by color and stroke: the rest is drawn in gray.</summary>
    private const int MostStyles = 24;

    /// <summary>A loss axis ends at so many times the median first loss, lest one run that diverged flatten all others.</summary>
    private const double CeilingOfStart = 2;

    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="runs">The runs, at least one; they are shown from the best to the worst.</param>
    /// <param name="warnings">Warnings, such as that the runs were not evaluated on the same images; none when null.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, string title, IReadOnlyList<ComparedRun> runs, IReadOnlyList<string>? warnings = null) =>
        AtomicFile.WriteAllText(path, ToHtml(title, runs, warnings));

    /// <summary>The page as text.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="runs">The runs, at least one; they are shown from the best to the worst.</param>
    /// <param name="warnings">Warnings; none when null.</param>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static string ToHtml(string title, IReadOnlyList<ComparedRun> runs, IReadOnlyList<string>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            throw new ArgumentException("at least one run is needed", nameof(runs));
        }

        IReadOnlyList<ComparedRun> ranked = ComparedRun.Rank(runs);
        return HtmlPage.Create(title, html =>
        {
            html.Open("header");
            html.Open("h1");
            html.Name(title, 80);
            html.Close("h1");
            html.Element("p", Subtitle(ranked), ("class", "subtitle"));
            html.Close("header");
            html.Open("main");
            html.Line();
            Warn(html, warnings ?? []);
            HtmlPage.Section(html, "runs", "Runs", () => HtmlPage.Scrolling(html, "Runs", () => Table(html, ranked), ranked.Count > 16 ? "tall" : null));
            Curves(html, ranked);
            Diagnoses(html, ranked);
            html.Close("main");
        });
    }

    private static string Subtitle(IReadOnlyList<ComparedRun> ranked)
    {
        string count = Plural.Of(ranked.Count, "run");
        return ranked[0].Accuracy is { } accuracy ? $"{count}; the best, {DisplayText.Isolate(ranked[0].Name)}, recognizes {DisplayText.Percent(accuracy)}." : count;
    }

    private static void Warn(HtmlWriter html, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        HtmlPage.Section(html, "warnings", "Warnings", () =>
        {
            html.Open("ul", ("class", "warnings"));
            foreach (string warning in warnings)
            {
                html.Element("li", warning);
            }

            html.Close("ul");
        });
    }

    private static void Table(HtmlWriter html, IReadOnlyList<ComparedRun> runs)
    {
        html.Open("table", ("id", "runs-table"), ("class", "numbers sortable"));
        html.Element("caption", "Runs from the best to the worst", ("class", "hidden"));
        string[] differences = [.. runs[0].Differences.Select(d => DisplayText.Shorten(DisplayText.Clean(d.Name), 24).TrimStart('<'))];
        bool hasTest = runs.Any(run => run.Test is not null);
        bool hasFolds = runs.Any(run => run.CrossValidation is not null);
        ReportTable.Head(html, ["run", "<accuracy", "95 % interval", .. hasTest ? ["test"] : Array.Empty<string>(), .. hasFolds ? ["cross-validation"] : Array.Empty<string>(), "loss", "macro F1", "best epoch", "epochs' time", "network", .. differences]);
        html.Open("tbody");
        html.Line();
        for (int i = 0; i < runs.Count; i++)
        {
            Row(html, runs[i], i, hasTest, hasFolds);
        }

        html.Close("tbody");
        html.Close("table");
    }

    private static void Row(HtmlWriter html, ComparedRun run, int rank, bool hasTest, bool hasFolds)
    {
        html.Open("tr", ("data-run", run.Name));
        html.Open("th", ("scope", "row"), ("data-value", run.Name));
        html.Element("span", "", ("class", "swatch " + HtmlChartPainter.Class(Style(rank))), ("aria-hidden", "true"));
        html.Text(" ");
        html.Name(run.Name, 40);
        html.Close("th");
        ReportTable.Share(html, run.Accuracy);
        Cell(html, run.AccuracyInterval?.ToString() ?? "-", run.AccuracyInterval?.Low);
        Other(html, run.Test, hasTest);
        Other(html, run.CrossValidation, hasFolds);
        Cell(html, ComparisonText.Figure(run.Loss, "0.0000"), run.Loss);
        Cell(html, ComparisonText.Figure(run.MacroF1, "0.000"), run.MacroF1);
        Cell(html, ComparisonText.BestEpoch(run), run.BestEpoch);
        Cell(html, ComparisonText.Duration(run.Seconds), run.Seconds);
        Cell(html, run.Network ?? "-", null);
        foreach ((_, string value) in run.Differences)
        {
            Cell(html, value, null);
        }

        html.Close("tr");
    }

    private static void Other(HtmlWriter html, EvaluationResult? result, bool isShown)
    {
        if (isShown)
        {
            Cell(html, result is null ? "-" : $"{DisplayText.Percent(result.Accuracy)} ({result.AccuracyInterval})", result?.Accuracy);
        }
    }

    private static void Cell(HtmlWriter html, string text, double? value)
    {
        html.Open("td", ("data-value", value?.ToString("R", CultureInfo.InvariantCulture) ?? text));
        html.Name(text, 32);
        html.Close("td");
    }

    private static void Curves(HtmlWriter html, IReadOnlyList<ComparedRun> runs)
    {
        if (runs.All(run => run.Epochs.Count == 0))
        {
            return;
        }

        HtmlPage.Section(html, "curves", "Curves", () =>
        {
            html.Element("p", "Colors are those of the table above; pointing at a row there lights up its lines here.", ("class", "muted"));
            html.Open("div", ("class", "charts"));
            html.Line();
            Chart(html, runs, "Validation accuracy", " %", LineChart.AccuracyAxis, epoch => 100 * epoch.ValAccuracy, isLoss: false);
            Chart(html, runs, "Validation loss", "", LineChart.LossAxis, epoch => epoch.ValLoss, isLoss: true);
            Chart(html, runs, "Training accuracy", " %", LineChart.AccuracyAxis, epoch => 100 * epoch.TrainAccuracy, isLoss: false);
            Chart(html, runs, "Training loss", "", LineChart.LossAxis, epoch => epoch.TrainLoss, isLoss: true);
            html.Close("div");
        });
    }

    private static void Chart(
        HtmlWriter html,
        IReadOnlyList<ComparedRun> runs,
        string title,
        string unit,
        Func<double, double, AxisScale> axis,
        Func<EpochResult, double?> value,
        bool isLoss)
    {
        int[] epochs = [.. runs.SelectMany(run => run.Epochs.Select(epoch => epoch.Epoch)).Distinct().Order()];
        double ceiling = isLoss ? Ceiling(runs, value) : double.MaxValue;
        bool isCut = runs.Any(run => run.Epochs.Any(epoch => value(epoch) > ceiling));
        html.Open("figure");
        html.Element("figcaption", isCut ? FormattableString.Invariant($"{title} (cut off at {ceiling:0.##})") : title);

        // The best run is drawn last, above the others.
        ChartSeries[] series = [.. runs.Select((run, rank) => new ChartSeries(run.Name, Style(rank), Align(run, epochs, value))).Reverse()];
        string id = "chart-" + title.Replace(' ', '-');
        var chart = new LineChart { Unit = unit, Axis = axis, HasBands = false, Ceiling = ceiling };
        HtmlChartPainter.Write(html, id, title + " of all runs over the epochs", chart, epochs, series);
        html.Close("figure");
    }

    private static double[] Align(ComparedRun run, int[] epochs, Func<EpochResult, double?> value)
    {
        var values = run.Epochs.DistinctBy(epoch => epoch.Epoch).ToDictionary(epoch => epoch.Epoch, epoch => value(epoch) ?? double.NaN);
        return [.. epochs.Select(epoch => values.GetValueOrDefault(epoch, double.NaN))];
    }

    private static double Ceiling(IReadOnlyList<ComparedRun> runs, Func<EpochResult, double?> value)
    {
        double[] starts = [.. runs.Select(run => run.Epochs.Select(value).FirstOrDefault(v => v is { } loss && Math.Abs(loss) < 1e100)).OfType<double>()];
        return starts.Length == 0 ? double.MaxValue : Math.Max(1e-3, CeilingOfStart * Median(starts));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] / 2) + (values[middle] / 2);
    }

    private static void Diagnoses(HtmlWriter html, IReadOnlyList<ComparedRun> runs)
    {
        HtmlPage.Section(html, "diagnoses", "Diagnoses", () =>
        {
            html.Open("dl", ("class", "diagnoses"));
            html.Line();
            foreach (ComparedRun run in runs)
            {
                html.Open("dt");
                html.Name(run.Name);
                html.Close("dt");
                html.Element("dd", string.Join(" ", (run.Diagnosis ?? CurveDiagnosis.Of(run.Epochs)).Select(verdict => verdict.Sentence)));
            }

            html.Close("dl");
        });
    }

    private static SeriesStyle Style(int rank) =>
        rank < MostStyles ? new SeriesStyle(rank % SeriesStyle.Colors, (SeriesStroke)(rank / SeriesStyle.Colors)) : SeriesStyle.Rest;
}
