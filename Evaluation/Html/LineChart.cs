using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>
/// A chart of values over epochs as inline SVG, whose colours come from the page's style sheet. With <see cref="HasBands"/>, pointing at an
/// epoch shows all its values.
/// </summary>
internal sealed class LineChart
{
    public const double Width = 480;
    public const double Height = 300;

    /// <summary>More epochs than this are drawn without a mark each.</summary>
    private const int MostMarks = 25;

    /// <summary>More epochs than this share places to point at.</summary>
    private const int MostBands = 240;

    /// <summary>More points than this are drawn as the lowest and the highest of each group, so that no spike is lost.</summary>
    private const int MostPoints = 800;

    /// <summary>A diverging run may reach any number; beyond this the axis arithmetic would overflow.</summary>
    private const double LargestValue = 1e100;

    private const double Left = 66;
    private const double Right = 14;
    private const double Top = 14;
    private const double Bottom = 52;

    private readonly HtmlWriter _html;

    public LineChart(HtmlWriter html) => _html = html;

    /// <summary>The chart's name in the page, for what refers to it.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What follows each value, such as <c> %</c>.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Makes the axis from the smallest and the largest value.</summary>
    public required Func<double, double, AxisScale> Axis { get; init; }

    /// <summary>The epoch to mark, if any.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether every epoch is a place to point at.</summary>
    public bool HasBands { get; init; } = true;

    /// <summary>Values above this are cut off at the upper edge.</summary>
    public double Ceiling { get; init; } = LargestValue;

    /// <summary>Writes the chart.</summary>
    /// <param name="epochs">The epochs, ascending, at least one.</param>
    /// <param name="series">The lines, each of as many values as there are epochs, or fewer.</param>
    public void Write(IReadOnlyList<int> epochs, IReadOnlyList<ChartSeries> series)
    {
        string titleId = Id + "-title";
        _html.Open(
            "svg",
            ("id", Id),
            ("class", "chart"),
            ("viewBox", HtmlWriter.Invariant($"0 0 {Width} {Height}")),
            ("role", "img"),
            ("aria-labelledby", titleId),
            ("tabindex", HasBands ? "0" : null));
        _html.Element("title", Title, ("id", titleId));
        AxisScale horizontal = AxisScale.WholeNumbers(epochs[0], epochs[^1], 6);
        double[] drawn = [.. series.SelectMany(line => line.Values).Where(IsDrawn).Select(value => Math.Min(value, Ceiling))];
        DrawEpochAxis(horizontal, epochs);
        if (drawn.Length == 0)
        {
            Text(Left + (PlotWidth / 2), Top + (PlotHeight / 2), "no finite values", "middle");
        }
        else
        {
            AxisScale vertical = Axis(drawn.Min(), drawn.Max());
            DrawValueAxis(vertical);
            DrawBest(horizontal);
            foreach (ChartSeries line in series)
                DrawSeries(line, epochs, horizontal, vertical);
            if (HasBands)
                DrawBands(series, epochs, horizontal);
        }

        _html.Close("svg");
    }

    private static double PlotWidth => Width - Left - Right;

    private static double PlotHeight => Height - Top - Bottom;

    private static bool IsDrawn(double value) => Math.Abs(value) <= LargestValue;

    private void DrawEpochAxis(AxisScale horizontal, IReadOnlyList<int> epochs)
    {
        double bottom = Top + PlotHeight;
        Line("axis", Left, bottom, Left + PlotWidth, bottom);
        foreach (double tick in horizontal.Ticks.Where(tick => tick >= epochs[0] && tick <= epochs[^1]))
            Text(X(horizontal, tick), bottom + 20, horizontal.Label(tick), "middle");
        Text(Left + (PlotWidth / 2), bottom + 43, "epoch", "middle");
    }

    private void DrawValueAxis(AxisScale vertical)
    {
        foreach (double tick in vertical.Ticks)
        {
            double y = Y(vertical, tick);
            Line("grid", Left, y, Left + PlotWidth, y);
            Text(Left - 8, y + 4.5, vertical.Label(tick) + Unit, "end");
        }
    }

    private void DrawBest(AxisScale horizontal)
    {
        if (BestEpoch is int best)
            Line("best", X(horizontal, best), Top, X(horizontal, best), Top + PlotHeight);
    }

    private void DrawSeries(ChartSeries line, IReadOnlyList<int> epochs, AxisScale horizontal, AxisScale vertical)
    {
        _html.Open("g", ("class", line.Style), ("data-series", line.Name));
        if (!HasBands)
            _html.Element("title", line.Name);
        int count = Math.Min(epochs.Count, line.Values.Count);
        var run = new List<(double X, double Y)>();
        for (int i = 0; i <= count; i++)
        {
            if (i < count && IsDrawn(line.Values[i]))
            {
                run.Add((X(horizontal, epochs[i]), Y(vertical, Math.Min(line.Values[i], Ceiling))));
                continue;
            }

            // A gap in the values is a gap in the line.
            Polyline(run, isMarked: count <= MostMarks);
            run.Clear();
        }

        _html.Close("g");
    }

    private void Polyline(List<(double X, double Y)> run, bool isMarked)
    {
        if (run.Count > 1)
        {
            IEnumerable<(double X, double Y)> points = run.Count <= MostPoints ? run : Thin(run);
            string text = string.Join(' ', points.Select(point => HtmlWriter.Invariant($"{point.X:0.#},{point.Y:0.#}")));
            Empty("polyline", ("points", text));
        }

        if (isMarked || run.Count == 1)
        {
            foreach ((double x, double y) in run)
                Empty("circle", ("cx", HtmlWriter.Number(x)), ("cy", HtmlWriter.Number(y)), ("r", "2.6"));
        }
    }

    private static IEnumerable<(double X, double Y)> Thin(List<(double X, double Y)> run)
    {
        int size = (run.Count + (MostPoints / 2) - 1) / (MostPoints / 2);
        foreach ((double X, double Y)[] group in run.Chunk(size))
        {
            (double X, double Y) low = group.MinBy(point => point.Y);
            (double X, double Y) high = group.MaxBy(point => point.Y);
            yield return low.X <= high.X ? low : high;
            if (low != high)
                yield return low.X <= high.X ? high : low;
        }
    }

    private void DrawBands(IReadOnlyList<ChartSeries> series, IReadOnlyList<int> epochs, AxisScale horizontal)
    {
        int step = (epochs.Count + MostBands - 1) / MostBands;
        _html.Open("g", ("class", "bands"));
        for (int i = 0; i < epochs.Count; i += step)
        {
            double from = i == 0 ? Left : (X(horizontal, epochs[i]) + X(horizontal, epochs[i - step])) / 2;
            double to = i + step >= epochs.Count ? Left + PlotWidth : (X(horizontal, epochs[i]) + X(horizontal, epochs[i + step])) / 2;
            _html.Open(
                "rect",
                ("x", HtmlWriter.Number(from)),
                ("y", HtmlWriter.Number(Top)),
                ("width", HtmlWriter.Number(to - from)),
                ("height", HtmlWriter.Number(PlotHeight)));
            _html.Element("title", Describe(series, epochs, i));
            _html.Close("rect");
        }

        _html.Close("g");
    }

    private string Describe(IReadOnlyList<ChartSeries> series, IReadOnlyList<int> epochs, int index)
    {
        IEnumerable<string> values = series.Where(line => index < line.Values.Count).Select(line => $"{line.Name} {Value(line.Values[index])}");
        string best = epochs[index] == BestEpoch ? " (best)" : "";
        return HtmlWriter.Invariant($"epoch {epochs[index]}{best}: {string.Join(", ", values)}");
    }

    private string Value(double value) => double.IsFinite(value) ? value.ToString("0.####", CultureInfo.InvariantCulture) + Unit : "none";

    private static double X(AxisScale horizontal, double epoch) => Left + (PlotWidth * horizontal.Position(epoch));

    private static double Y(AxisScale vertical, double value) => Top + (PlotHeight * (1 - vertical.Position(value)));

    private void Line(string style, double x1, double y1, double x2, double y2) => Empty(
        "line",
        ("class", style),
        ("x1", HtmlWriter.Number(x1)),
        ("y1", HtmlWriter.Number(y1)),
        ("x2", HtmlWriter.Number(x2)),
        ("y2", HtmlWriter.Number(y2)));

    private void Text(double x, double y, string text, string anchor) =>
        _html.Element("text", text, ("x", HtmlWriter.Number(x)), ("y", HtmlWriter.Number(y)), ("text-anchor", anchor));

    private void Empty(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Open(name, attributes);
        _html.Close(name);
    }
}
