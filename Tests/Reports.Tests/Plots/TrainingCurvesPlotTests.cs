using System.Globalization;
using System.Xml.Linq;

namespace MLClassify.Reports.Tests;

public sealed class TrainingCurvesPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(5000)]
    public void ToSvg_AnyNumberOfEpochs_KeepsCurvesInsideThePanels(int epochs)
    {
        EpochResult[] results = [.. Enumerable.Range(1, epochs).Select(epoch => Epoch(epoch, 2.0 / epoch, 1 - (0.5 / epoch)))];

        XElement root = XDocument.Parse(TrainingCurvesPlot.ToSvg(results)).Root!;

        (double X, double Y)[] points =
        [
            .. root.Elements(Svg + "polyline").SelectMany(line => line.Attribute("points")!.Value.Split(' ')).Select(Point),
            .. root.Elements(Svg + "circle").Select(circle => (Number(circle, "cx"), Number(circle, "cy"))),
        ];
        Assert.NotEmpty(points);
        Assert.All(points, point => Assert.True(point.Y is >= 104 and <= 366 && point.X is (>= 68 and <= 472) or (>= 568 and <= 972), point.ToString()));
    }

    [Fact]
    public void ToSvg_FallingLoss_FallsInTheImage()
    {
        XElement root = Plot([Epoch(1, 2, 0.5), Epoch(2, 1, 0.75), Epoch(3, 0, 1)]);

        (double X, double Y)[] loss = [.. root.Elements(Svg + "polyline").First().Attribute("points")!.Value.Split(' ').Select(Point)];

        // The axis runs from 0 at y = 366 to 2 at y = 104; epochs 1 to 3 keep 3 % of room at either side of 404 pixels.
        Assert.Equal([104, 235, 366], loss.Select(point => point.Y));
        Assert.Equal(68 + (404 * 0.06 / 2.12), loss[0].X, 0.01);
        Assert.Equal(68 + (404 * 2.06 / 2.12), loss[2].X, 0.01);
    }

    [Fact]
    public void ToSvg_ValueNotFinite_InterruptsTheLine()
    {
        XElement root = Plot([Epoch(1, 1, 0.5), Epoch(2, 1, 0.5), Epoch(3, double.NaN, 0.5), Epoch(4, 1, 0.5), Epoch(5, double.PositiveInfinity, 0.5), Epoch(6, 1, 0.5)]);

        // Loss: epochs 1-2 are a line, 4 and 6 stand alone; accuracy: one line. Both for training and validation.
        Assert.Equal([2, 2, 6, 6], root.Elements(Svg + "polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Length));
        Assert.DoesNotContain("NaN", root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_NothingFinite_SaysSo()
    {
        XElement root = Plot([Epoch(1, double.NaN, double.NaN)]);

        Assert.Equal(2, root.Elements(Svg + "text").Count(text => text.Value == "no finite values"));
        Assert.DoesNotContain("best epoch", root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_EqualValidationAccuracies_MarksTheFirst()
    {
        string svg = TrainingCurvesPlot.ToSvg([Epoch(1, 1, 0.5), Epoch(2, 1, 0.9), Epoch(3, 1, 0.9), Epoch(4, 1, double.NaN)]);

        Assert.Contains("4 epochs, best epoch 2 (validation accuracy 90.0 %)", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_BestEpochGiven_MarksThatOne()
    {
        string svg = TrainingCurvesPlot.ToSvg([Epoch(1, 1, 0.5), Epoch(2, 1, 0.9)], bestEpoch: 1);

        Assert.Contains("best epoch 1 (validation accuracy 50.0 %)", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_NoValidation_ShowsTrainingAlone()
    {
        XElement root = Plot([new EpochResult(1, 1, 1, 0.5, null, null, 0.1), new EpochResult(2, 1, 1, 0.5, null, null, 0.1)]);

        Assert.Equal(2, root.Elements(Svg + "polyline").Count());
        Assert.DoesNotContain(root.Elements(Svg + "text"), text => text.Value is "validation" or "best epoch");
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(1e-12)]
    [InlineData(12345678)]
    public void ToSvg_ExtremeLoss_StillHasAxes(double loss)
    {
        string svg = TrainingCurvesPlot.ToSvg([Epoch(1, loss, 0.5), Epoch(2, loss / 2, 0.6)]);

        Assert.NotNull(XDocument.Parse(svg).Root);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSvg_NoEpochOrDisorder_IsTheCallersError()
    {
        Assert.Throws<ArgumentException>(() => TrainingCurvesPlot.ToSvg([]));
        Assert.Throws<ArgumentException>(() => TrainingCurvesPlot.ToSvg([Epoch(2, 1, 1), Epoch(1, 1, 1)]));
    }

    private static XElement Plot(EpochResult[] results) => XDocument.Parse(TrainingCurvesPlot.ToSvg(results)).Root!;

    private static EpochResult Epoch(int epoch, double loss, double accuracy) => new(epoch, 1, loss, accuracy, loss, accuracy, 0.1);

    private static (double X, double Y) Point(string text)
    {
        string[] parts = text.Split(',');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
