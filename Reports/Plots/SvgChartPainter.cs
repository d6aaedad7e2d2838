namespace MLClassify.Reports;

/// <summary>Draws charts into an image that is a file of its own, in literal colors on white.</summary>
internal sealed class SvgChartPainter(SvgDocument svg, ChartArea area) : ChartPainter(area)
{
    public const double LineWidth = 2;
    public const double BestEpochWidth = 1.25;
    public const string BestEpochDashes = "3 3";

    private static readonly PlotColor[] Palette =
    [
        PlotColor.Azure, PlotColor.Amber, new(0x12, 0x73, 0x5A), new(0x8A, 0x2F, 0x8F),
        new(0x6B, 0x6B, 0x00), new(0xB0, 0x1C, 0x4A), new(0x00, 0x72, 0x7F), new(0x5A, 0x4B, 0xC4),
    ];

    public override int HorizontalTicks => 8;

    public static PlotColor Color(SeriesStyle style) => style.Color < 0 ? PlotColor.Frame : Palette[style.Color];

    public static string? Dashes(SeriesStyle style) => style.Stroke switch { SeriesStroke.Dashed => "7 4", SeriesStroke.Dotted => "1.5 4", _ => null };

    public override void HorizontalTick(double x, string label)
    {
        svg.Line(x, Area.Bottom, x, Area.Bottom + 5, PlotColor.Frame);
        svg.Text(x, Area.Bottom + 19, label, 11, PlotColor.Muted, TextAnchor.Middle);
    }

    public override void HorizontalTitle(string title) => svg.Text(Area.X(0.5), Area.Bottom + 38, title, 12, PlotColor.Muted, TextAnchor.Middle);

    public override void VerticalTick(double y, string label)
    {
        svg.Line(Area.Left, y, Area.Right, y, PlotColor.Grid);
        svg.Text(Area.Left - 8, y + 4, label, 11, PlotColor.Muted, TextAnchor.End);
    }

    public override void Frame() => svg.Frame(Area.Left, Area.Top, Area.Width, Area.Height, PlotColor.Frame);

    public override void Notice(string text) => svg.Text(Area.X(0.5), Area.Y(0.5), text, 13, PlotColor.Muted, TextAnchor.Middle);

    public override void BestEpoch(double x) => svg.Line(x, Area.Top, x, Area.Bottom, PlotColor.Muted, BestEpochWidth, BestEpochDashes);

    public override void Series(ChartSeries series, string? tip, IReadOnlyList<IReadOnlyList<ChartPoint>> parts, IReadOnlyList<ChartMark> marks)
    {
        PlotColor color = Color(series.Style);
        foreach (IReadOnlyList<ChartPoint> part in parts)
        {
            svg.Polyline(part.Select(point => (point.X, point.Y)), color, LineWidth, Dashes(series.Style), tip);
        }

        foreach ((ChartPoint point, bool isBest) in marks)
        {
            svg.Circle(point.X, point.Y, isBest ? 4 : 3, isBest ? color : PlotColor.White, color, tip);
        }
    }

    public override void Bands(IReadOnlyList<ChartBand> bands)
    {
        foreach (ChartBand band in bands)
        {
            svg.Sensor(band.Left, Area.Top, band.Right - band.Left, Area.Height, band.Text);
        }
    }
}
