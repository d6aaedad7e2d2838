using System.Globalization;

namespace MLClassify.Reports;

/// <summary>Loss and accuracy over the epochs, as charts and as a table.</summary>
internal static class CurvesSection
{
    /// <summary>A longer table has only every n-th epoch, and the best one.</summary>
    private const int MostRows = 300;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        IReadOnlyList<EpochResult> epochs = content.Epochs;
        if (!content.HasCurves)
        {
            return;
        }

        bool isValidated = epochs.Any(epoch => epoch.ValLoss is not null || epoch.ValAccuracy is not null);
        HtmlPage.Section(html, "curves", "Training curves", () =>
        {
            Legend(html, isValidated, content.BestEpoch);
            html.Open("div", ("class", "charts"));
            html.Line();
            Chart(html, content, "loss-chart", "Loss", "", LineChart.LossAxis, Lines(epochs, isValidated, e => e.TrainLoss, e => e.ValLoss));
            Chart(
                html, content, "accuracy-chart", "Accuracy", " %", LineChart.AccuracyAxis, Lines(epochs, isValidated, e => 100 * e.TrainAccuracy, e => 100 * e.ValAccuracy));
            html.Close("div");
            Table(html, content, isValidated);
        });
    }

    private static void Legend(HtmlWriter html, bool isValidated, int? best)
    {
        html.Open("p", ("class", "legend"), ("aria-hidden", "true"));
        Entry(html, HtmlChartPainter.Class(SeriesStyle.Training), "training");
        if (isValidated)
        {
            Entry(html, HtmlChartPainter.Class(SeriesStyle.Validation), "validation");
        }

        if (best is not null)
        {
            Entry(html, "best-key", "best epoch");
        }

        html.Close("p");
    }

    private static void Entry(HtmlWriter html, string style, string name)
    {
        html.Open("span", ("class", "key"));
        html.Element("span", "", ("class", "swatch " + style));
        html.Text(name);
        html.Close("span");
    }

    private static void Chart(
        HtmlWriter html, ReportContent content, string id, string title, string unit, Func<double, double, AxisScale> axis, ChartSeries[] lines)
    {
        html.Open("figure");
        html.Element("figcaption", title);
        var chart = new LineChart { Unit = unit, Axis = axis, BestEpoch = content.BestEpoch };
        HtmlChartPainter.Write(html, id, $"{title} over the epochs", chart, [.. content.Epochs.Select(epoch => epoch.Epoch)], lines);
        html.Close("figure");
    }

    private static ChartSeries[] Lines(
        IReadOnlyList<EpochResult> epochs, bool isValidated, Func<EpochResult, double> train, Func<EpochResult, double?> validation)
    {
        var training = new ChartSeries("training", SeriesStyle.Training, [.. epochs.Select(train)]);
        return isValidated ? [training, new ChartSeries("validation", SeriesStyle.Validation, [.. epochs.Select(epoch => validation(epoch) ?? double.NaN)])] : [training];
    }

    private static void Table(HtmlWriter html, ReportContent content, bool isValidated)
    {
        IReadOnlyList<EpochResult> epochs = content.Epochs;
        int step = (epochs.Count + MostRows - 1) / MostRows;
        html.Open("details");
        html.Element("summary", step == 1 ? "All values" : FormattableString.Invariant($"Values of every {step}th epoch (all are in results.csv)"));
        HtmlPage.Scrolling(html, "Values of the epochs", () =>
        {
            html.Open("table", ("class", "numbers sortable"));
            html.Element("caption", "Loss and accuracy by epoch", ("class", "hidden"));
            string[] columns = isValidated
                ? ["epoch", "training loss", "training accuracy", "validation loss", "validation accuracy", "learning rate", "seconds"]
                : ["epoch", "training loss", "training accuracy", "learning rate", "seconds"];
            ReportTable.Head(html, columns);
            html.Open("tbody");
            for (int i = 0; i < epochs.Count; i++)
            {
                bool isBest = epochs[i].Epoch == content.BestEpoch;
                if (i % step == 0 || isBest)
                {
                    Row(html, epochs[i], isBest, isValidated);
                }
            }

            html.Close("tbody");
            html.Close("table");
        });
        html.Close("details");
    }

    private static void Row(HtmlWriter html, EpochResult epoch, bool isBest, bool isValidated)
    {
        html.Open("tr", ("class", isBest ? "best-row" : null));
        html.Element("th", epoch.Epoch.ToString(CultureInfo.InvariantCulture) + (isBest ? " (best)" : ""), ("scope", "row"), ("data-value", epoch.Epoch.ToString(CultureInfo.InvariantCulture)));
        Cell(html, epoch.TrainLoss, "0.0000");
        Cell(html, 100 * epoch.TrainAccuracy, "0.0 '%'");
        if (isValidated)
        {
            Cell(html, epoch.ValLoss, "0.0000");
            Cell(html, 100 * epoch.ValAccuracy, "0.0 '%'");
        }

        Cell(html, epoch.LearningRate, "G4");
        Cell(html, epoch.Time, "0.0");
        html.Close("tr");
    }

    private static void Cell(HtmlWriter html, double? value, string format) =>
        html.Element("td", value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "-");
}
