using System.Globalization;
using System.Xml.Linq;
using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests;

public sealed class ConfusionMatrixPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(37)]
    [InlineData(102)]
    [InlineData(300)]
    public void ToSvg_AnyNumberOfClasses_KeepsEverythingInsideTheImage(int classes)
    {
        ConfusionMatrix matrix = Sample([.. Enumerable.Range(0, classes).Select(label => $"class {label}")]);

        XElement root = XDocument.Parse(matrix.ToSvg()).Root!;

        double width = Number(root, "width");
        double height = Number(root, "height");
        foreach (XElement element in root.Descendants().Where(element => element.Attribute("x") is not null))
        {
            Assert.InRange(Number(element, "x"), 0, width);
            Assert.InRange(Number(element, "y"), 0, height);
        }

        foreach (XElement rectangle in root.Descendants(Svg + "rect"))
        {
            Assert.InRange(Number(rectangle, "x") + Number(rectangle, "width"), 0, width + 0.01);
            Assert.InRange(Number(rectangle, "y") + Number(rectangle, "height"), 0, height + 0.01);
        }
    }

    [Fact]
    public void ToSvg_FewClasses_ShowsCountsTitlesAndItsOwnBackground()
    {
        var matrix = new ConfusionMatrix(["ants", "bees"], new long[,] { { 41, 7 }, { 0, 52 } });

        XElement root = XDocument.Parse(matrix.ToSvg()).Root!;
        string[] texts = [.. root.Elements(Svg + "text").Select(OwnText)];

        Assert.Contains("41", texts);
        Assert.Contains("7", texts);
        Assert.Contains("52", texts);
        Assert.DoesNotContain("0", texts);
        Assert.Equal(2, texts.Count(text => text == "ants"));
        Assert.Contains("True class", texts);
        Assert.Contains("Predicted class", texts);
        Assert.Contains("100 images, 2 classes, 93 correct (93.0 %)", texts);
        XElement background = root.Elements(Svg + "rect").First();
        Assert.Equal((Number(root, "width"), Number(root, "height"), "#ffffff"), (Number(background, "width"), Number(background, "height"), (string?)background.Attribute("fill")));
    }

    [Fact]
    public void ToSvg_TrueClassesInRows_CellLiesInTheRightRowAndColumn()
    {
        var matrix = new ConfusionMatrix(["a", "b", "c"], new long[,] { { 0, 0, 13 }, { 0, 0, 0 }, { 0, 0, 0 } });

        XElement root = XDocument.Parse(matrix.ToSvg()).Root!;
        XElement count = root.Elements(Svg + "text").Single(text => OwnText(text) == "13");
        XElement row = root.Elements(Svg + "text").First(text => OwnText(text) == "a");
        XElement column = root.Elements(Svg + "text").Last(text => OwnText(text) == "c");

        Assert.Equal(Number(row, "y"), Number(count, "y"), 10.0);
        Assert.Equal(Number(column, "x"), Number(count, "x"), 0.01);
    }

    [Fact]
    public void ToSvg_NastyNames_AreEscapedAndKeptInTips()
    {
        ConfusionMatrix matrix = Sample(["<script>alert(1)</script>", "a & \"b\" 'c' ]]>", "\u0000\u001B\uFFFE" + (char)0xDC00, .. Generators.NastyTexts]);

        string svg = matrix.ToSvg();

        XElement root = XDocument.Parse(svg).Root!;
        Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
        Assert.Contains(root.Descendants(Svg + "title"), title => title.Value.Contains("<script>alert(1)</script>", StringComparison.Ordinal));
    }

    [Fact]
    public void ToSvg_LongName_IsShortenedWithTheWholeInATip()
    {
        string name = string.Concat(Enumerable.Repeat("very long ", 30));

        XElement root = XDocument.Parse(Sample([name, "b"]).ToSvg()).Root!;

        XElement label = root.Elements(Svg + "text").First(text => OwnText(text).StartsWith("very long", StringComparison.Ordinal));
        Assert.Equal(28, OwnText(label).Length);
        Assert.Equal(name, label.Element(Svg + "title")!.Value);
        Assert.True(Number(root, "width") < 800);
    }

    [Fact]
    public void ToSvg_NoImages_IsStillAnImage()
    {
        string svg = new ConfusionMatrix(["a", "b"]).ToSvg();

        Assert.Contains("0 images, 2 classes, 0 correct (0.0 %)", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(svg).Root);
    }

    [Fact]
    public void ToSvg_CommaCulture_WritesPointsAllTheSame()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = Sample(["a", "b", "c"]).ToSvg();
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal(expected, Sample(["a", "b", "c"]).ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static ConfusionMatrix Sample(string[] names)
    {
        var matrix = new ConfusionMatrix(names);
        for (int label = 0; label < names.Length; label++)
        {
            for (int i = 0; i < 10 + (label % 3); i++)
            {
                matrix.Add(label, i < 8 ? label : (label + i) % names.Length);
            }
        }

        return matrix;
    }

    private static string OwnText(XElement element) => string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value));

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
