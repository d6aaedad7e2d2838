namespace MLClassify.Reports.Tests;

public sealed class PlotColorTests
{
    [Fact]
    public void Contrast_BlackAndWhite_Is21() =>
        Assert.Equal(21, PlotColor.Contrast(new PlotColor(0, 0, 0), PlotColor.White), 1e-9);

    [Fact]
    public void Contrast_KnownGray_AgreesWithTheStandardsFormula() =>
        // #767676 on white is the well-known gray just above 4.5:1.
        Assert.Equal(4.54, PlotColor.Contrast(new PlotColor(0x76, 0x76, 0x76), PlotColor.White), 0.005);

    [Fact]
    public void TextColor_EveryCellColor_ReadsWithFourAndAHalfToOne()
    {
        for (int step = 0; step <= 1000; step++)
        {
            foreach (PlotColor[] scale in new[] { ConfusionMatrixPlot.CorrectScale, ConfusionMatrixPlot.MistakeScale })
            {
                var color = PlotColor.OnScale(scale, step / 1000.0);
                Assert.True(PlotColor.Contrast(color, color.TextColor()) >= 4.5, $"{color} {PlotColor.Contrast(color, color.TextColor())}");
            }
        }
    }

    [Fact]
    public void FixedColors_OnWhite_AreReadable()
    {
        foreach (PlotColor text in new[] { PlotColor.Ink, PlotColor.Muted, PlotColor.Azure, PlotColor.Amber })
        {
            Assert.True(PlotColor.Contrast(text, PlotColor.White) >= 4.5, text.ToString());
        }
    }

    [Fact]
    public void OnScale_EndsAndMiddle_AreTheGivenColors()
    {
        PlotColor[] scale = [new(0, 0, 0), new(100, 50, 0), new(200, 200, 200)];

        Assert.Equal("#000000", PlotColor.OnScale(scale, 0).ToString());
        Assert.Equal("#321900", PlotColor.OnScale(scale, 0.25).ToString());
        Assert.Equal(scale[1], PlotColor.OnScale(scale, 0.5));
        Assert.Equal(scale[2], PlotColor.OnScale(scale, 1));
        Assert.Equal(scale[2], PlotColor.OnScale(scale, 7));
    }
}
