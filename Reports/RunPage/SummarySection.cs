using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>The few figures that one looks at first.</summary>
internal static class SummarySection
{
    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Report is not { } report)
        {
            html.Element("p", "Nothing was measured: no epoch was finished.", ("class", "note"));
            return;
        }

        html.Open("ul", ("class", "tiles"), ("aria-label", "Main figures"));
        html.Line();
        (double low, double high) = WilsonInterval.Of(report.Correct, report.Images);
        Tile(html, "accuracy", DisplayText.Percent(report.Accuracy), FormattableString.Invariant($"{report.Correct:N0} of {report.Images:N0}; 95\u00A0% interval {100 * low:0.0} to {100 * high:0.0}\u00A0%"));
        Tile(html, "balanced accuracy", DisplayText.Percent(report.BalancedAccuracy), "mean recall; every class weighs the same");
        if (report.TopK > 1 && report.TopK < report.Classes.Count)
        {
            Tile(html, FormattableString.Invariant($"top-{report.TopK} accuracy"), DisplayText.Percent(report.TopKAccuracy), FormattableString.Invariant($"the right class is among the {report.TopK} likeliest"));
        }

        Tile(html, "loss", double.IsNaN(report.Loss) ? "undefined" : report.Loss.ToString("0.0000", CultureInfo.InvariantCulture), "mean cross-entropy, nats");
        Tile(html, "macro F1", report.MacroF1.ToString("0.000", CultureInfo.InvariantCulture), "every class weighs the same");
        if (report.Calibration is { Images: > 0 } calibration)
        {
            Tile(html, "calibration error", DisplayText.Percent(calibration.ExpectedError), calibration.Confidence > calibration.Accuracy ? "overconfident" : "underconfident");
        }

        if (content.Regularization.FirstOrDefault(point => point.IsChosen) is { } chosen)
        {
            Tile(html, "regularization", HeadSection.Strength(chosen), "by cross-validation inside the training images");
        }
        else if (content.BestEpoch is int best && content.Epochs.Count > 0 && !content.IsSolved)
        {
            Tile(html, "best epoch", best.ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"of {content.Epochs.Count}, by validation accuracy"));
        }

        html.Close("ul");
    }

    private static void Tile(HtmlWriter html, string name, string value, string note)
    {
        html.Open("li");
        html.Element("span", name, ("class", "tile-name"));
        html.Element("strong", value);
        html.Element("span", note, ("class", "tile-note"));
        html.Close("li");
    }
}
