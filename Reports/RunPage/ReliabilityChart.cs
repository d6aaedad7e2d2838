using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>
/// A reliability diagram as inline SVG (DeGroot and Fienberg 1983; Guo et al. 2017, figure 1): per interval of confidence the share that is
/// right, with the distance to the diagonal, on which confidence is honest; below, how many images each interval has.
/// </summary>
internal static class ReliabilityChart
{
    private const double Width = 420;
    private const double Height = 440;
    private const double CountsTop = 400;
    private const double CountsHeight = 34;

    private static readonly ChartArea Area = new(58, 14, 346, 346);

    public static void Write(HtmlWriter html, Calibration calibration)
    {
        html.Open("svg", ("class", "chart square"), ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height + 44}")), ("role", "img"), ("aria-labelledby", "reliability-title"), ("tabindex", "0"));
        html.Element("title", "Reliability diagram: share of right answers by confidence", ("id", "reliability-title"));
        var painter = new HtmlChartPainter(html, Area);
        for (int tick = 0; tick <= 5; tick++)
        {
            string label = FormattableString.Invariant($"{20 * tick} %");
            painter.VerticalTick(Y(tick / 5.0), label);
            painter.HorizontalTick(X(tick / 5.0), label);
        }

        long most = Math.Max(1, calibration.Bins.Max(bin => bin.Images));
        foreach (CalibrationBin bin in calibration.Bins.Where(bin => bin.Images > 0))
        {
            Bar(html, bin, most);
        }

        Empty(html, "line", ("class", "ideal"), ("x1", N(X(0))), ("y1", N(Y(0))), ("x2", N(X(1))), ("y2", N(Y(1))));
        html.Element("text", "confidence, and the images that have it", ("x", N(X(0.5))), ("y", N(Height + 26)), ("text-anchor", "middle"));
        html.Open("g", ("class", "bands"));
        foreach (CalibrationBin bin in calibration.Bins.Where(bin => bin.Images > 0))
        {
            html.Open("rect", ("x", N(X(bin.Lower))), ("y", N(Area.Top)), ("width", N(X(bin.Upper) - X(bin.Lower))), ("height", N(CountsTop + CountsHeight - Area.Top)));
            html.Element("title", Describe(bin));
            html.Close("rect");
        }

        html.Close("g");
        html.Close("svg");
    }

    /// <summary>An interval in words.</summary>
    public static string Describe(CalibrationBin bin) => FormattableString.Invariant(
        $"confidence {DisplayText.Percent(bin.Lower)} to {DisplayText.Percent(bin.Upper)}: {Plural.Of(bin.Images, "image")}, {DisplayText.Percent(bin.Accuracy)} right at a mean confidence of {DisplayText.Percent(bin.Confidence)}");

    private static void Bar(HtmlWriter html, CalibrationBin bin, long most)
    {
        double x = X(bin.Lower) + 1;
        double width = X(bin.Upper) - X(bin.Lower) - 2;
        double upper = Math.Max(bin.Accuracy, bin.Confidence);
        double lower = Math.Min(bin.Accuracy, bin.Confidence);
        Rectangle(html, "right", x, Y(lower), width, Y(0) - Y(lower));
        Rectangle(html, bin.Gap > 0 ? "over" : "under", x, Y(upper), width, Y(lower) - Y(upper));
        double height = Math.Max(1.5, CountsHeight * bin.Images / most);
        Rectangle(html, "count", x, CountsTop + CountsHeight - height, width, height);
    }

    private static void Rectangle(HtmlWriter html, string style, double x, double y, double width, double height) =>
        Empty(html, "rect", ("class", style), ("x", N(x)), ("y", N(y)), ("width", N(width)), ("height", N(height)));

    private static void Empty(HtmlWriter html, string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        html.Open(name, attributes);
        html.Close(name);
    }

    private static double X(double share) => Area.X(share);

    private static double Y(double share) => Area.Y(share);

    private static string N(double value) => HtmlWriter.Number(value);
}
