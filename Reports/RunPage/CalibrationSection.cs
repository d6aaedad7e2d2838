using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Whether the network's confidence can be taken at its word.</summary>
internal static class CalibrationSection
{
    /// <summary>Confidence and accuracy nearer than this are taken for equal.</summary>
    private const double Near = 0.02;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Report?.Calibration is not { Images: > 0 } calibration)
        {
            return;
        }

        HtmlPage.Section(html, "calibration", "Calibration", () =>
        {
            html.Open("div", ("class", "split"));
            html.Open("div");
            if (calibration.Images < ResultDiagnosis.FewImages)
            {
                html.Element("p", FormattableString.Invariant($"Counted on {Plural.Of((int)calibration.Images, "image")}: so few say little about probabilities, and most of the error is chance."), ("class", "note"));
            }
            else
            {
                html.Element("p", Judge(calibration));
            }

            HtmlPage.Facts(html, [
                ("Expected calibration error", DisplayText.Percent(calibration.ExpectedError)),
                ("Maximum calibration error", DisplayText.Percent(calibration.MaximumError)),
                ("Mean confidence", DisplayText.Percent(calibration.Confidence)),
                ("Accuracy", DisplayText.Percent(calibration.Accuracy)),
            ]);
            html.Element("p", "Confidence is the probability that the network gives its answer. On the diagonal it is honest: of the answers given with 80 %, 80 % are right. Orange marks what is claimed and not kept, pale blue what is kept and not claimed; the bars below count the images. The expected calibration error is the mean distance from the diagonal, weighted by these counts.", ("class", "muted"));
            Table(html, calibration);
            html.Close("div");
            html.Open("figure");
            ReliabilityChart.Write(html, calibration);
            html.Close("figure");
            html.Close("div");
        });
    }

    private static string Judge(Calibration calibration)
    {
        double gap = calibration.Confidence - calibration.Accuracy;
        string figures = $"it is {DisplayText.Percent(calibration.Confidence)} sure on average and {DisplayText.Percent(calibration.Accuracy)} right.";
        if (Math.Abs(gap) <= Near)
        {
            return $"On the whole the network is as sure as it should be: {figures}";
        }

        return gap > 0
            ? $"The network is over-confident: {figures} Do not read its probabilities as chances; label smoothing, or a temperature fitted to held-out images, brings them closer."
            : $"The network is under-confident: {figures} Its answers are better than its probabilities say, as is usual after label smoothing, mixup or few epochs.";
    }

    private static void Table(HtmlWriter html, Calibration calibration)
    {
        html.Open("details");
        html.Element("summary", "All intervals");
        HtmlPage.Scrolling(html, "Intervals of confidence", () =>
        {
            html.Open("table", ("class", "numbers"));
            html.Element("caption", "Images, confidence and accuracy by interval of confidence", ("class", "hidden"));
            ReportTable.Head(html, "confidence", "images", "mean confidence", "right");
            html.Open("tbody");
            foreach (CalibrationBin bin in calibration.Bins)
            {
                html.Open("tr");
                html.Element("th", FormattableString.Invariant($"{100 * bin.Lower:0.#} to {100 * bin.Upper:0.#} %"), ("scope", "row"));
                html.Element("td", bin.Images.ToString(CultureInfo.InvariantCulture));
                html.Element("td", bin.Images == 0 ? "-" : DisplayText.Percent(bin.Confidence));
                html.Element("td", bin.Images == 0 ? "-" : DisplayText.Percent(bin.Accuracy));
                html.Close("tr");
            }

            html.Close("tbody");
            html.Close("table");
        });
        html.Close("details");
    }
}
