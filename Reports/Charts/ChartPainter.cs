namespace MLClassify.Reports;

/// <summary>A point of a line, in the image's coordinates.</summary>
internal readonly record struct ChartPoint(double X, double Y);

/// <summary>A point that is drawn as a circle.</summary>
/// <param name="Point">Its center.</param>
/// <param name="IsBest">Whether it belongs to the best epoch, which stands out.</param>
internal readonly record struct ChartMark(ChartPoint Point, bool IsBest);

/// <summary>A vertical strip of a chart that shows a text where it is pointed at.</summary>
/// <param name="Left">Its left edge.</param>
/// <param name="Right">Its right edge.</param>
/// <param name="Text">The text.</param>
internal readonly record struct ChartBand(double Left, double Right, string Text);

/// <summary>Draws the parts of a chart. <see cref="LineChart"/> decides where they are; a painter decides what they look like.</summary>
internal abstract class ChartPainter(ChartArea area)
{
    /// <summary>Where the lines are drawn.</summary>
    public ChartArea Area { get; } = area;

    /// <summary>About how many ticks the horizontal axis has room for.</summary>
    public abstract int HorizontalTicks { get; }

    /// <summary>A tick of the horizontal axis.</summary>
    public abstract void HorizontalTick(double x, string label);

    /// <summary>What the horizontal axis counts.</summary>
    public abstract void HorizontalTitle(string title);

    /// <summary>A tick of the vertical axis, with its grid line.</summary>
    public abstract void VerticalTick(double y, string label);

    /// <summary>The edge of the area.</summary>
    public abstract void Frame();

    /// <summary>A text in place of lines.</summary>
    public abstract void Notice(string text);

    /// <summary>The vertical line at the best epoch.</summary>
    public abstract void BestEpoch(double x);

    /// <summary>A line, which gaps in its values divide into parts, and its marks.</summary>
    /// <param name="series">The series.</param>
    /// <param name="tip">A text for who points at it; none when null.</param>
    /// <param name="parts">The parts, each of at least two points.</param>
    /// <param name="marks">The marks.</param>
    public abstract void Series(ChartSeries series, string? tip, IReadOnlyList<IReadOnlyList<ChartPoint>> parts, IReadOnlyList<ChartMark> marks);

    /// <summary>The places to point at, above everything else.</summary>
    public abstract void Bands(IReadOnlyList<ChartBand> bands);
}
