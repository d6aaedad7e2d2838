using System.Globalization;
using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>The loss over the logarithm of a rising learning rate, as SVG.</summary>
public static class LearningRatePlot
{
    private const double Width = 760;
    private const double Height = 430;

    private static readonly ChartArea Area = new(70, 96, 650, 270);

    /// <summary>Writes the image to a file.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="points">Rate, loss, smoothed loss, by ascending rates above 0; at least two.</param>
    /// <param name="suggestion">The rate to mark, if any.</param>
    /// <exception cref="ArgumentException">There are too few points, or they do not ascend.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IReadOnlyList<(double Rate, double Loss, double Smoothed)> points, double? suggestion) =>
        AtomicFile.WriteAllText(path, ToSvg(points, suggestion));

    /// <summary>The image as SVG text.</summary>
    /// <param name="points">Rate, loss, smoothed loss, by ascending rates above 0; at least two.</param>
    /// <param name="suggestion">The rate to mark, if any.</param>
    /// <exception cref="ArgumentException">There are too few points, or they do not ascend.</exception>
    public static string ToSvg(IReadOnlyList<(double Rate, double Loss, double Smoothed)> points, double? suggestion)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2 || points[0].Rate <= 0 || points.Zip(points.Skip(1)).Any(pair => pair.First.Rate >= pair.Second.Rate))
        {
            throw new ArgumentException("at least two points of ascending rates above 0 are needed", nameof(points));
        }

        string advice = suggestion is { } rate ? string.Create(CultureInfo.InvariantCulture, $"suggested learning rate {rate:g3}") : "no rate makes the loss fall";
        var svg = new SvgDocument(Width, Height, "Learning rates", $"The loss while the learning rate rises from step to step; {advice}.");
        svg.Text(24, 38, "Learning rates", 20, PlotColor.Ink, isBold: true);
        svg.Text(24, 61, $"{advice}; the line is the smoothed loss, dots are batches", 13, PlotColor.Muted);
        var x = (From: Math.Log10(points[0].Rate), To: Math.Log10(points[^1].Rate));
        double[] losses = [.. points.Select(p => p.Smoothed).Where(double.IsFinite)];
        double lowest = losses.DefaultIfEmpty(0).Min();

        // What explodes at the end must not flatten what matters.
        double highest = Math.Min(losses.DefaultIfEmpty(1).Max(), points[0].Smoothed + (points[0].Smoothed - lowest) + (0.2 * Math.Abs(lowest)));
        AxisScale axis = AxisScale.Covering(lowest, Math.Max(highest, lowest), 5);
        double X(double logarithm) => Area.X((logarithm - x.From) / (x.To - x.From));
        double Y(double loss) => Area.Y(Math.Clamp(axis.Position(loss), 0, 1));
        DrawAxes(new SvgChartPainter(svg, Area), axis, x, X, Y);
        foreach ((double pointRate, double loss, _) in points.Where(p => double.IsFinite(p.Loss) && axis.Position(p.Loss) is >= 0 and <= 1))
        {
            svg.Circle(X(Math.Log10(pointRate)), Y(loss), 2, PlotColor.Grid, PlotColor.Frame, string.Create(CultureInfo.InvariantCulture, $"{pointRate:g3}: {loss:0.###}"));
        }

        svg.Polyline(points.Where(p => double.IsFinite(p.Smoothed)).Select(p => (X(Math.Log10(p.Rate)), Y(p.Smoothed))), PlotColor.Azure, 2.5);
        if (suggestion is { } marked)
        {
            double at = X(Math.Log10(marked));
            svg.Line(at, Area.Top, at, Area.Bottom, PlotColor.Amber, 1.5, "4 3");
            svg.Text(at + 6, Area.Top + 16, marked.ToString("g3", CultureInfo.InvariantCulture), 13, PlotColor.Amber, isBold: true);
        }

        return svg.ToString();
    }

    private static void DrawAxes(SvgChartPainter painter, AxisScale axis, (double From, double To) x, Func<double, double> toX, Func<double, double> toY)
    {
        foreach (double tick in axis.Ticks)
        {
            painter.VerticalTick(toY(tick), axis.Label(tick));
        }

        for (int power = (int)Math.Ceiling(x.From - 1e-9); power <= x.To + 1e-9; power++)
        {
            painter.HorizontalTick(toX(power), Label(power));
        }

        painter.Frame();
        painter.HorizontalTitle("learning rate");
    }

    private static string Label(int power) => power is >= -3 and <= 2
        ? Math.Pow(10, power).ToString("0.###", CultureInfo.InvariantCulture)
        : $"1e{power.ToString(CultureInfo.InvariantCulture)}";
}
