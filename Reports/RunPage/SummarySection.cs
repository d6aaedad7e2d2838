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
        Tile(html, "accuracy", DisplayText.Percent(report.Accuracy), FormattableString.Invariant($"{report.Correct:N0} of {report.Images:N0}; 95\u00A0% interval {report.AccuracyInterval}"));
        if (content.Test is { } test)
        {
            Tile(html, "test accuracy", DisplayText.Percent(test.Accuracy), FormattableString.Invariant($"{test.Correct:N0} of {test.Images:N0} images that took no part; 95\u00A0% interval {test.AccuracyInterval}"));
        }

        if (content.CrossValidation is { } folds)
        {
            Tile(html, "cross-validated accuracy", DisplayText.Percent(folds.Accuracy), FormattableString.Invariant($"{folds.Correct:N0} of {folds.Images:N0}, each by a model that did not see it; 95\u00A0% interval {folds.AccuracyInterval}"));
        }

        Tile(html, "balanced accuracy", DisplayText.Percent(report.BalancedAccuracy), "mean recall; every class weighs the same");
        if (report.TopK > 1 && report.TopK < report.Classes.Count)
        {
            Tile(html, FormattableString.Invariant($"top-{report.TopK} accuracy"), DisplayText.Percent(report.TopKAccuracy), FormattableString.Invariant($"the right class is among the {report.TopK} likeliest"));
        }

        Tile(html, "loss", double.IsNaN(report.Loss) ? "undefined" : report.Loss.ToString("0.0000", CultureInfo.InvariantCulture), "mean cross-entropy, nats");
        Tile(html, "macro F1", report.MacroF1.ToString("0.000", CultureInfo.InvariantCulture), "every class weighs the same");
        // Of a few images, most of the error is chance.
        if (report.Calibration is { Images: >= ResultDiagnosis.FewImages } calibration)
        {
            Tile(html, "calibration error", DisplayText.Percent(calibration.ExpectedError), calibration.Confidence > calibration.Accuracy ? "overconfident" : "underconfident");
        }

        if (content.Regularization.FirstOrDefault(point => point.IsChosen) is { } chosen)
        {
            Tile(html, "regularization", HeadSection.Strength(chosen), "by cross-validation inside the training images");
        }
        else if (content.BestEpoch is int best && content.Epochs.Count > 0 && !content.IsSolved)
        {
            Tile(html, "best epoch", best.ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"of {content.Epochs.Count}, chosen by these images: the accuracy favors it"));
        }

        html.Close("ul");
    }

    private static void Tile(HtmlWriter html, string name, string value, string note)
    {
        html.Open("li");
        html.Element("span", name, ("class", "tile-name"));
        html.Element("strong", value);
        html.Element("span", note.Replace(" %", "\u00A0%", StringComparison.Ordinal), ("class", "tile-note"));
        html.Close("li");
    }
}
