using System.Globalization;
using MLClassify.Common;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>
/// Draws loss and accuracy over the epochs as SVG, training and validation in one chart each, with the best epoch marked. A value
/// that is not finite is a gap in its line.
/// </summary>
public static class TrainingCurvesPlot
{
    private const double Width = 1000;
    private const double Height = 430;
    private const double PanelTop = 104;
    private const double PanelWidth = 404;
    private const double PanelHeight = 262;

    /// <summary>Writes the image to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="results">The epochs in ascending order, at least one.</param>
    /// <param name="bestEpoch">The epoch to mark; by default the first of the highest validation accuracy.</param>
    /// <exception cref="ArgumentException">There is no epoch, or they do not ascend.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IReadOnlyList<EpochResult> results, int? bestEpoch = null) =>
        AtomicFile.WriteAllText(path, ToSvg(results, bestEpoch));

    /// <summary>The image as SVG text.</summary>
    /// <param name="results">The epochs in ascending order, at least one.</param>
    /// <param name="bestEpoch">The epoch to mark; by default the first of the highest validation accuracy.</param>
    /// <exception cref="ArgumentException">There is no epoch, or they do not ascend.</exception>
    public static string ToSvg(IReadOnlyList<EpochResult> results, int? bestEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
        {
            throw new ArgumentException("at least one epoch is needed", nameof(results));
        }

        for (int i = 1; i < results.Count; i++)
        {
            if (results[i].Epoch <= results[i - 1].Epoch)
            {
                throw new ArgumentException("the epochs do not ascend", nameof(results));
            }
        }

        EpochResult? best = bestEpoch is null ? FindBest(results) : results.FirstOrDefault(result => result.Epoch == bestEpoch);
        bool hasValidation = results.Any(result => result.ValLoss is not null || result.ValAccuracy is not null);
        string bestText = best is null ? "" : Describe(best);
        string epochs = results.Count == 1 ? "1 epoch" : string.Create(CultureInfo.InvariantCulture, $"{results.Count} epochs");
        var svg = new SvgDocument(
            Width, Height, "Training curves", $"Loss and accuracy over {epochs}{(best is null ? "" : ", " + bestText)}.");
        svg.Text(24, 38, "Training curves", 20, PlotColor.Ink, isBold: true);
        svg.Text(24, 61, best is null ? epochs : $"{epochs}, {bestText}", 13, PlotColor.Muted);
        DrawLegend(svg, hasValidation, best is not null);

        int[] numbers = [.. results.Select(result => result.Epoch)];
        ChartSeries[] loss = Lines(results, hasValidation, r => r.TrainLoss, r => r.ValLoss);
        ChartSeries[] percent = Lines(results, hasValidation, r => 100 * r.TrainAccuracy, r => 100 * r.ValAccuracy);
        DrawPanel(svg, "Loss", 68, new LineChart { Axis = LineChart.LossAxis, BestEpoch = best?.Epoch }, numbers, loss);
        DrawPanel(svg, "Accuracy", 568, new LineChart { Axis = LineChart.AccuracyAxis, Unit = " %", BestEpoch = best?.Epoch }, numbers, percent);
        return svg.ToString();
    }

    private static EpochResult? FindBest(IReadOnlyList<EpochResult> results) =>
        results.Where(result => result.ValAccuracy is double accuracy && double.IsFinite(accuracy)).MaxBy(result => result.ValAccuracy);

    private static string Describe(EpochResult best)
    {
        string accuracy = best.ValAccuracy is double share && double.IsFinite(share)
            ? $" (validation accuracy {DisplayText.Percent(share)})"
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"best epoch {best.Epoch}{accuracy}");
    }

    private static void DrawPanel(SvgDocument svg, string title, double left, LineChart chart, int[] epochs, ChartSeries[] series)
    {
        svg.Text(left, PanelTop - 12, title, 14, PlotColor.Ink, isBold: true);
        chart.Draw(new SvgChartPainter(svg, new ChartArea(left, PanelTop, PanelWidth, PanelHeight)), epochs, series);
    }

    private static ChartSeries[] Lines(
        IReadOnlyList<EpochResult> results, bool hasValidation, Func<EpochResult, double> train, Func<EpochResult, double?> validation)
    {
        var training = new ChartSeries("training", SeriesStyle.Training, [.. results.Select(train)]);
        return hasValidation
            ? [training, new ChartSeries("validation", SeriesStyle.Validation, [.. results.Select(result => validation(result) ?? double.NaN)])]
            : [training];
    }

    private static void DrawLegend(SvgDocument svg, bool hasValidation, bool hasBest)
    {
        const double y = 38;
        double x = Width - 28;
        void Entry(string name, PlotColor color, double width, string? dashes)
        {
            svg.Text(x, y, name, 13, PlotColor.Ink, TextAnchor.End);
            x -= PlotText.Width(name, 13) + 8;
            svg.Line(x - 30, y - 4.5, x, y - 4.5, color, width, dashes);
            x -= 30 + 22;
        }

        void Line(string name, SeriesStyle style) => Entry(name, SvgChartPainter.Color(style), SvgChartPainter.LineWidth, SvgChartPainter.Dashes(style));

        if (hasBest)
        {
            Entry("best epoch", PlotColor.Muted, SvgChartPainter.BestEpochWidth, SvgChartPainter.BestEpochDashes);
        }

        if (hasValidation)
        {
            Line("validation", SeriesStyle.Validation);
        }

        Line("training", SeriesStyle.Training);
    }
}
