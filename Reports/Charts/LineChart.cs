using System.Globalization;

namespace MLClassify.Reports;

/// <summary>
/// Values over epochs as lines: the only drawing of them, for pages and for images alike. A value that is not finite is a gap in its line.
/// With <see cref="HasBands"/>, pointing at an epoch shows all its values.
/// </summary>
internal sealed class LineChart
{
    /// <summary>More epochs than this are drawn without a mark each.</summary>
    private const int MaxMarkedEpochs = 40;

    /// <summary>More epochs than this share places to point at.</summary>
    private const int MaxBands = 240;

    /// <summary>More points than this are drawn as the lowest and the highest of each group, so that no spike is lost.</summary>
    private const int MaxPoints = 800;

    /// <summary>A diverging run may reach any number; beyond this the axis arithmetic would overflow.</summary>
    private const double LargestValue = 1e100;

    /// <summary>What follows each value, such as <c> %</c>. Default: nothing.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Makes the vertical axis from the smallest and the largest value.</summary>
    public required Func<double, double, AxisScale> Axis { get; init; }

    /// <summary>The epoch to mark. Default null: none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether every epoch is a place to point at; otherwise every line is. Default true.</summary>
    public bool HasBands { get; init; } = true;

    /// <summary>Values above this are cut off at the upper edge. Default: none is.</summary>
    public double Ceiling { get; init; } = LargestValue;

    /// <summary>A loss axis starts at 0, so that half the height is half the loss.</summary>
    public static AxisScale LossAxis(double minimum, double maximum) => AxisScale.Covering(Math.Min(0, minimum), maximum, 5);

    /// <summary>An accuracy axis, in percent, zooms in, but not so far that noise looks like progress.</summary>
    public static AxisScale AccuracyAxis(double minimum, double maximum)
    {
        const double smallestSpan = 10;
        double room = Math.Max(0, smallestSpan - (maximum - minimum)) / 2;
        return AxisScale.Covering(minimum - room, maximum + room, 5).Within(Math.Min(0, minimum), Math.Max(100, maximum));
    }

    /// <summary>Draws the chart.</summary>
    /// <param name="painter">What draws its parts.</param>
    /// <param name="epochs">The epochs, ascending, at least one.</param>
    /// <param name="series">The lines, each of as many values as there are epochs, or fewer.</param>
    public void Draw(ChartPainter painter, IReadOnlyList<int> epochs, IReadOnlyList<ChartSeries> series)
    {
        ChartArea area = painter.Area;
        AxisScale horizontal = AxisScale.WholeNumbers(epochs[0], epochs[^1], painter.HorizontalTicks);
        double[] centers = [.. epochs.Select(epoch => area.X(horizontal.Position(epoch)))];
        foreach (double tick in horizontal.Ticks.Where(tick => tick >= epochs[0] && tick <= epochs[^1]))
        {
            painter.HorizontalTick(area.X(horizontal.Position(tick)), horizontal.Label(tick));
        }

        painter.HorizontalTitle("epoch");

        double[] drawn = [.. series.SelectMany(line => line.Values).Where(IsDrawn).Select(value => Math.Min(value, Ceiling))];
        AxisScale? vertical = drawn.Length == 0 ? null : Axis(drawn.Min(), drawn.Max());
        if (vertical is null)
        {
            painter.Notice("no finite values");
        }

        foreach (double tick in vertical?.Ticks ?? [])
        {
            painter.VerticalTick(area.Y(vertical!.Position(tick)), vertical.Label(tick) + Unit);
        }

        painter.Frame();
        if (BestEpoch is int best)
        {
            painter.BestEpoch(area.X(horizontal.Position(best)));
        }

        if (vertical is null)
        {
            return;
        }

        foreach (ChartSeries line in series)
        {
            DrawSeries(painter, line, epochs, centers, vertical);
        }

        if (HasBands)
        {
            painter.Bands([.. Bands(area, epochs, centers, series)]);
        }
    }

    private static bool IsDrawn(double value) => Math.Abs(value) <= LargestValue;

    private void DrawSeries(ChartPainter painter, ChartSeries line, IReadOnlyList<int> epochs, double[] centers, AxisScale vertical)
    {
        int count = Math.Min(epochs.Count, line.Values.Count);
        var parts = new List<IReadOnlyList<ChartPoint>>();
        var marks = new List<ChartMark>();
        var part = new List<ChartPoint>();
        for (int i = 0; i < count; i++)
        {
            if (!IsDrawn(line.Values[i]))
            {
                continue;
            }

            var point = new ChartPoint(centers[i], painter.Area.Y(vertical.Position(Math.Min(line.Values[i], Ceiling))));
            part.Add(point);
            bool isLast = i + 1 == count || !IsDrawn(line.Values[i + 1]);
            bool isBest = epochs[i] == BestEpoch;
            if (count <= MaxMarkedEpochs || isBest || (isLast && part.Count == 1))
            {
                marks.Add(new ChartMark(point, isBest));
            }

            if (!isLast)
            {
                continue;
            }

            if (part.Count > 1)
            {
                parts.Add(part.Count <= MaxPoints ? [.. part] : [.. Thin(part)]);
            }

            part.Clear();
        }

        painter.Series(line, HasBands ? null : line.Name, parts, marks);
    }

    private static IEnumerable<ChartPoint> Thin(List<ChartPoint> part)
    {
        int size = (part.Count + (MaxPoints / 2) - 1) / (MaxPoints / 2);
        foreach (ChartPoint[] group in part.Chunk(size))
        {
            ChartPoint low = group.MinBy(point => point.Y);
            ChartPoint high = group.MaxBy(point => point.Y);
            yield return low.X <= high.X ? low : high;
            if (low != high)
            {
                yield return low.X <= high.X ? high : low;
            }
        }
    }

    private IEnumerable<ChartBand> Bands(ChartArea area, IReadOnlyList<int> epochs, double[] centers, IReadOnlyList<ChartSeries> series)
    {
        int step = (epochs.Count + MaxBands - 1) / MaxBands;
        for (int i = 0; i < epochs.Count; i += step)
        {
            double left = i == 0 ? area.Left : (centers[i] + centers[i - step]) / 2;
            double right = i + step >= epochs.Count ? area.Right : (centers[i] + centers[i + step]) / 2;
            yield return new ChartBand(left, right, Describe(series, epochs, i));
        }
    }

    private string Describe(IReadOnlyList<ChartSeries> series, IReadOnlyList<int> epochs, int index)
    {
        IEnumerable<string> values = series.Where(line => index < line.Values.Count).Select(line => $"{line.Name} {Value(line.Values[index])}");
        string best = epochs[index] == BestEpoch ? " (best)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"epoch {epochs[index]}{best}: {string.Join(", ", values)}");
    }

    private string Value(double value) => double.IsFinite(value) ? value.ToString("0.####", CultureInfo.InvariantCulture) + Unit : "none";
}
