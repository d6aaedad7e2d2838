using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>A curve: a value per epoch, not finite where there is none.</summary>
internal sealed record Curve(string Name, PlotColor Color, string? Dashes, IReadOnlyList<double> Values);

/// <summary>One chart of values over epochs.</summary>
internal sealed class CurvePanel(SvgDocument svg, double left, double top, double width, double height)
{
    /// <summary>More epochs than this are drawn without a mark each.</summary>
    private const int MostMarks = 40;

    /// <summary>A diverging run may reach any number; beyond this the axis arithmetic would overflow.</summary>
    private const double LargestValue = 1e100;

    /// <summary>A loss axis starts at 0, so that half the height is half the loss.</summary>
    public static AxisScale LossAxis(double minimum, double maximum) => AxisScale.Covering(Math.Min(0, minimum), maximum, 5);

    /// <summary>An accuracy axis, in percent, zooms in, but not so far that noise looks like progress.</summary>
    public static AxisScale AccuracyAxis(double minimum, double maximum)
    {
        const double smallestSpan = 10;
        double room = Math.Max(0, smallestSpan - (maximum - minimum)) / 2;
        return AxisScale.Covering(minimum - room, maximum + room, 5).Within(Math.Min(0, minimum), Math.Max(100, maximum));
    }

    /// <summary>Draws the axes and the curves.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="epochs">The epochs, ascending, at least one.</param>
    /// <param name="curves">The curves, each of as many values as there are epochs.</param>
    /// <param name="axis">Makes the axis from the smallest and the largest value.</param>
    /// <param name="unit">What follows each tick's number.</param>
    /// <param name="bestEpoch">The epoch to mark, if any.</param>
    public void Draw(
        string title, IReadOnlyList<int> epochs, IReadOnlyList<Curve> curves, Func<double, double, AxisScale> axis, string unit, int? bestEpoch)
    {
        svg.Text(left, top - 12, title, 14, PlotColor.Ink, isBold: true);
        AxisScale horizontal = AxisScale.WholeNumbers(epochs[0], epochs[^1], 8);
        double[] values = [.. curves.SelectMany(curve => curve.Values).Where(IsDrawn)];
        AxisScale? vertical = values.Length == 0 ? null : axis(values.Min(), values.Max());
        DrawEpochAxis(horizontal, epochs);
        if (vertical is null)
            svg.Text(left + (width / 2), top + (height / 2), "no finite values", 13, PlotColor.Muted, TextAnchor.Middle);
        else
            DrawValueAxis(vertical, unit);

        svg.Frame(left, top, width, height, PlotColor.Frame);
        if (bestEpoch is int best)
            svg.Line(X(horizontal, best), top, X(horizontal, best), top + height, PlotColor.Muted, 1.25, "3 3");
        if (vertical is not null)
        {
            foreach (Curve curve in curves)
                DrawCurve(curve, epochs, horizontal, vertical, unit, bestEpoch);
        }
    }

    private static bool IsDrawn(double value) => Math.Abs(value) <= LargestValue;

    private void DrawEpochAxis(AxisScale horizontal, IReadOnlyList<int> epochs)
    {
        foreach (double tick in horizontal.Ticks.Where(tick => tick >= epochs[0] && tick <= epochs[^1]))
        {
            double x = X(horizontal, tick);
            svg.Line(x, top + height, x, top + height + 5, PlotColor.Frame);
            svg.Text(x, top + height + 19, horizontal.Label(tick), 11, PlotColor.Muted, TextAnchor.Middle);
        }

        svg.Text(left + (width / 2), top + height + 38, "epoch", 12, PlotColor.Muted, TextAnchor.Middle);
    }

    private void DrawValueAxis(AxisScale vertical, string unit)
    {
        foreach (double tick in vertical.Ticks)
        {
            double y = Y(vertical, tick);
            svg.Line(left, y, left + width, y, PlotColor.Grid);
            svg.Text(left - 8, y + 4, vertical.Label(tick) + unit, 11, PlotColor.Muted, TextAnchor.End);
        }
    }

    private void DrawCurve(Curve curve, IReadOnlyList<int> epochs, AxisScale horizontal, AxisScale vertical, string unit, int? bestEpoch)
    {
        var run = new List<(double X, double Y)>();
        for (int i = 0; i <= epochs.Count; i++)
        {
            if (i < epochs.Count && IsDrawn(curve.Values[i]))
            {
                run.Add((X(horizontal, epochs[i]), Y(vertical, curve.Values[i])));
                continue;
            }

            // A gap in the values is a gap in the line.
            if (run.Count > 1)
                svg.Polyline(run, curve.Color, 2, curve.Dashes);
            else if (run.Count == 1 && epochs.Count > MostMarks)
                svg.Circle(run[0].X, run[0].Y, 3, PlotColor.White, curve.Color);
            run.Clear();
        }

        for (int i = 0; i < epochs.Count; i++)
        {
            bool isBest = epochs[i] == bestEpoch;
            if (IsDrawn(curve.Values[i]) && (isBest || epochs.Count <= MostMarks))
            {
                string tip = string.Create(CultureInfo.InvariantCulture, $"epoch {epochs[i]}, {curve.Name}: {curve.Values[i]:0.####}{unit}");
                PlotColor fill = isBest ? curve.Color : PlotColor.White;
                svg.Circle(X(horizontal, epochs[i]), Y(vertical, curve.Values[i]), isBest ? 4 : 3, fill, curve.Color, tip);
            }
        }
    }

    private double X(AxisScale horizontal, double epoch) => left + (width * horizontal.Position(epoch));

    private double Y(AxisScale vertical, double value) => top + (height * (1 - vertical.Position(value)));
}
