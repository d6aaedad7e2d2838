using System.Globalization;
using MLClassify.Common;

namespace MLClassify.Evaluation;

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

    /// <summary>Writes the picture to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="results">The epochs in ascending order, at least one.</param>
    /// <param name="bestEpoch">The epoch to mark; by default the first of the highest validation accuracy.</param>
    /// <exception cref="ArgumentException">There is no epoch, or they do not ascend.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IReadOnlyList<EpochResult> results, int? bestEpoch = null) =>
        AtomicFile.WriteAllText(path, ToSvg(results, bestEpoch));

    /// <summary>The picture as SVG text.</summary>
    /// <param name="results">The epochs in ascending order, at least one.</param>
    /// <param name="bestEpoch">The epoch to mark; by default the first of the highest validation accuracy.</param>
    /// <exception cref="ArgumentException">There is no epoch, or they do not ascend.</exception>
    public static string ToSvg(IReadOnlyList<EpochResult> results, int? bestEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            throw new ArgumentException("at least one epoch is needed", nameof(results));
        for (int i = 1; i < results.Count; i++)
        {
            if (results[i].Epoch <= results[i - 1].Epoch)
                throw new ArgumentException("the epochs do not ascend", nameof(results));
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
        var loss = new CurvePanel(svg, 68, PanelTop, PanelWidth, PanelHeight);
        loss.Draw("Loss", numbers, Curves(results, hasValidation, r => r.TrainLoss, r => r.ValLoss), CurvePanel.LossAxis, "", best?.Epoch);
        var accuracy = new CurvePanel(svg, 568, PanelTop, PanelWidth, PanelHeight);
        Curve[] percent = Curves(results, hasValidation, r => 100 * r.TrainAccuracy, r => 100 * r.ValAccuracy);
        accuracy.Draw("Accuracy", numbers, percent, CurvePanel.AccuracyAxis, " %", best?.Epoch);
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

    private static Curve[] Curves(
        IReadOnlyList<EpochResult> results, bool hasValidation, Func<EpochResult, double> train, Func<EpochResult, double?> validation)
    {
        var curves = new List<Curve> { new("training", PlotColor.Azure, null, [.. results.Select(train)]) };
        if (hasValidation)
            curves.Add(new Curve("validation", PlotColor.Amber, "7 4", [.. results.Select(result => validation(result) ?? double.NaN)]));
        return [.. curves];
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

        if (hasBest)
            Entry("best epoch", PlotColor.Muted, 1.25, "3 3");
        if (hasValidation)
            Entry("validation", PlotColor.Amber, 2, "7 4");
        Entry("training", PlotColor.Azure, 2, null);
    }
}
