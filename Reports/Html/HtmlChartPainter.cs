namespace MLClassify.Reports;

/// <summary>Draws charts as inline SVG, whose colors come from the page's style sheet and follow its light and dark modes.</summary>
internal sealed class HtmlChartPainter(HtmlWriter html, ChartArea area) : ChartPainter(area)
{
    private const double Width = 480;
    private const double Height = 300;

    /// <summary>The area of a chart over epochs.</summary>
    private static readonly ChartArea Epochs = new(66, 14, 400, 234);

    public override int HorizontalTicks => 6;

    /// <summary>Writes a chart as an element of the page.</summary>
    /// <param name="html">The page.</param>
    /// <param name="id">The chart's name in the page, for what refers to it.</param>
    /// <param name="title">What a screen reader says first.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="epochs">The epochs, ascending, at least one.</param>
    /// <param name="series">The lines.</param>
    public static void Write(HtmlWriter html, string id, string title, LineChart chart, IReadOnlyList<int> epochs, IReadOnlyList<ChartSeries> series)
    {
        string titleId = id + "-title";
        html.Open(
            "svg",
            ("id", id),
            ("class", "chart"),
            ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
            ("role", "img"),
            ("aria-labelledby", titleId),
            ("tabindex", chart.HasBands ? "0" : null));
        html.Element("title", title, ("id", titleId));
        chart.Draw(new HtmlChartPainter(html, Epochs), epochs, series);
        html.Close("svg");
    }

    /// <summary>The classes of a line in the style sheet, such as <c>s1 dashed</c>; a legend's swatch has the same.</summary>
    public static string Class(SeriesStyle style)
    {
        if (style.Color < 0)
        {
            return "rest";
        }

        string stroke = style.Stroke switch { SeriesStroke.Dashed => " dashed", SeriesStroke.Dotted => " dotted", _ => "" };
        return FormattableString.Invariant($"s{style.Color}{stroke}");
    }

    public override void HorizontalTick(double x, string label) => Text(x, Area.Bottom + 20, label, "middle");

    public override void HorizontalTitle(string title) => Text(Area.X(0.5), Area.Bottom + 43, title, "middle");

    public override void VerticalTick(double y, string label)
    {
        Line("grid", Area.Left, y, Area.Right, y);
        Text(Area.Left - 8, y + 4.5, label, "end");
    }

    public override void Frame() => Line("axis", Area.Left, Area.Bottom, Area.Right, Area.Bottom);

    public override void Notice(string text) => Text(Area.X(0.5), Area.Y(0.5), text, "middle");

    public override void BestEpoch(double x) => Line("best", x, Area.Top, x, Area.Bottom);

    public override void Series(ChartSeries series, string? tip, IReadOnlyList<IReadOnlyList<ChartPoint>> parts, IReadOnlyList<ChartMark> marks)
    {
        html.Open("g", ("class", Class(series.Style)), ("data-series", series.Name));
        if (tip is not null)
        {
            html.Element("title", tip);
        }

        foreach (IReadOnlyList<ChartPoint> part in parts)
        {
            Empty("polyline", ("points", string.Join(' ', part.Select(point => FormattableString.Invariant($"{point.X:0.#},{point.Y:0.#}")))));
        }

        foreach (ChartMark mark in marks)
        {
            Empty(
                "circle",
                ("class", mark.IsBest ? "best-mark" : null),
                ("cx", HtmlWriter.Number(mark.Point.X)),
                ("cy", HtmlWriter.Number(mark.Point.Y)),
                ("r", mark.IsBest ? "3.4" : "2.6"));
        }

        html.Close("g");
    }

    public override void Bands(IReadOnlyList<ChartBand> bands)
    {
        html.Open("g", ("class", "bands"));
        foreach (ChartBand band in bands)
        {
            html.Open(
                "rect",
                ("x", HtmlWriter.Number(band.Left)),
                ("y", HtmlWriter.Number(Area.Top)),
                ("width", HtmlWriter.Number(band.Right - band.Left)),
                ("height", HtmlWriter.Number(Area.Height)));
            html.Element("title", band.Text);
            html.Close("rect");
        }

        html.Close("g");
    }

    private void Line(string style, double x1, double y1, double x2, double y2) => Empty(
        "line",
        ("class", style),
        ("x1", HtmlWriter.Number(x1)),
        ("y1", HtmlWriter.Number(y1)),
        ("x2", HtmlWriter.Number(x2)),
        ("y2", HtmlWriter.Number(y2)));

    private void Text(double x, double y, string text, string anchor) =>
        html.Element("text", text, ("x", HtmlWriter.Number(x)), ("y", HtmlWriter.Number(y)), ("text-anchor", anchor));

    private void Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        html.Open(name, attributes);
        html.Close(name);
    }
}
