namespace MLClassify.Reports.Tests;

public sealed class LineChartTests
{
    private static readonly int[] Six = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Draw_GapsInTheValues_DivideTheLineAndMarkWhatStandsAlone()
    {
        var painter = new Recorder();

        Chart().Draw(painter, [.. Enumerable.Range(1, 60)], [Series([1, 2, double.NaN, 3, double.PositiveInfinity, .. Enumerable.Repeat(1.0, 55)])]);

        Assert.Equal([2, 55], painter.Parts.Select(part => part.Count));
        Assert.Single(painter.Marks);
    }

    [Fact]
    public void Draw_FewEpochs_MarksEachAndTheBestOne()
    {
        var painter = new Recorder();

        Chart(best: 4).Draw(painter, Six, [Series([6, 5, 4, 3, 4, 5])]);

        Assert.Equal([false, false, false, true, false, false], painter.Marks.Select(mark => mark.IsBest));
        Assert.Equal(painter.Marks[3].Point.X, Assert.Single(painter.BestEpochs));
        Assert.Equal("epoch 4 (best): loss 3", painter.Drawn[3].Text);
    }

    [Fact]
    public void Draw_ManyEpochs_KeepsEverySpikeInFewPoints()
    {
        double[] values = [.. Enumerable.Range(0, 10_000).Select(i => i == 5_000 ? 9.0 : 1.0)];
        var painter = new Recorder();

        Chart().Draw(painter, [.. Enumerable.Range(1, values.Length)], [Series(values)]);

        IReadOnlyList<ChartPoint> part = Assert.Single(painter.Parts);
        Assert.InRange(part.Count, 2, 800);
        Assert.Single(part, point => point.Y < painter.Area.Y(0.5));
        Assert.InRange(painter.Drawn.Count, 1, 240);
        Assert.Equal((painter.Area.Left, painter.Area.Right), (painter.Drawn[0].Left, painter.Drawn[^1].Right));
    }

    [Fact]
    public void Draw_ValuesAboveTheCeiling_EndAtIt()
    {
        var painter = new Recorder();

        new LineChart { Axis = LineChart.LossAxis, Ceiling = 2, HasBands = false }.Draw(painter, Six, [Series([1, 1, 1e6, 1, 1, 1])]);

        Assert.All(painter.Parts[0], point => Assert.InRange(point.Y, painter.Area.Top, painter.Area.Bottom));
        Assert.Equal("loss", painter.Tip);
        Assert.Empty(painter.Drawn);
    }

    [Fact]
    public void Draw_NothingFinite_SaysSo()
    {
        var painter = new Recorder();

        Chart().Draw(painter, Six, [Series([double.NaN])]);

        Assert.Equal("no finite values", painter.Note);
        Assert.Empty(painter.Parts);
        Assert.Empty(painter.Drawn);
    }

    private static LineChart Chart(int? best = null) => new() { Axis = LineChart.LossAxis, BestEpoch = best };

    private static ChartSeries Series(double[] values) => new("loss", SeriesStyle.Training, values);

    private sealed class Recorder() : ChartPainter(new ChartArea(10, 20, 400, 200))
    {
        public List<IReadOnlyList<ChartPoint>> Parts { get; } = [];

        public List<ChartMark> Marks { get; } = [];

        public List<ChartBand> Drawn { get; } = [];

        public List<double> BestEpochs { get; } = [];

        public string? Note { get; private set; }

        public string? Tip { get; private set; }

        public override int HorizontalTicks => 6;

        public override void HorizontalTick(double x, string label) => Assert.InRange(x, Area.Left, Area.Right);

        public override void HorizontalTitle(string title) => Assert.Equal("epoch", title);

        public override void VerticalTick(double y, string label) => Assert.InRange(y, Area.Top, Area.Bottom);

        public override void Frame()
        {
        }

        public override void Notice(string text) => Note = text;

        public override void BestEpoch(double x) => BestEpochs.Add(x);

        public override void Series(ChartSeries series, string? tip, IReadOnlyList<IReadOnlyList<ChartPoint>> parts, IReadOnlyList<ChartMark> marks)
        {
            Tip = tip;
            Parts.AddRange(parts);
            Marks.AddRange(marks);
        }

        public override void Bands(IReadOnlyList<ChartBand> bands) => Drawn.AddRange(bands);
    }
}
