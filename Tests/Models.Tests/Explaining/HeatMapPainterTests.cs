using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify.Models.Tests.Explaining;

public class HeatMapPainterTests
{
    private static readonly HeatMapOptions Plain = new() { Saturation = 1 };

    // One hot cell of a 4 x 4 map: in the image it lies where the network's input shows that cell.
    [Theory]
    [InlineData(0, 0, 60, 60, 1, 2)]
    [InlineData(40, 0, 60, 60, 2, 1)]
    [InlineData(10, 20, 36, 36, 2, 2)]
    public void Draw_OneHotCell_LiesInItsPartOfTheRegion(int left, int top, int width, int height, int column, int row)
    {
        Image image = Gray(120, 90);
        var region = new ImageRegion(left, top, width, height);

        Image drawn = HeatMapPainter.Draw(image, Hot(column, row), region, Plain);

        (int x, int y) = Hottest(image, drawn, region);
        Assert.InRange(x, left + ((column + 0.35) * width / 4), left + ((column + 0.65) * width / 4));
        Assert.InRange(y, top + ((row + 0.35) * height / 4), top + ((row + 0.65) * height / 4));
    }

    [Fact]
    public void Draw_ColdPlaces_StayAsTheyAre()
    {
        Image drawn = HeatMapPainter.Draw(Gray(80, 80), Hot(0, 0), new ImageRegion(0, 0, 80, 80), Plain);
        Assert.Equal([120, 120, 120], drawn.Row(70).Slice(3 * 70, 3).ToArray());
    }

    [Fact]
    public void Draw_Outside_IsDimmedBehindAFrame()
    {
        Image drawn = HeatMapPainter.Draw(Gray(100, 60), Hot(0, 0), new ImageRegion(20, 0, 60, 60));
        Assert.Equal([42, 42, 42], drawn.Row(30).Slice(3 * 5, 3).ToArray());
        Assert.Equal([255, 255, 255], drawn.Row(30).Slice(3 * 19, 3).ToArray());
        Assert.Equal([255, 255, 255], drawn.Row(30).Slice(3 * 80, 3).ToArray());
        Assert.Equal([42, 42, 42], drawn.Row(30).Slice(3 * 95, 3).ToArray());
    }

    [Fact]
    public void Draw_RegionBeyondTheImage_HasNoFrame()
    {
        Image image = Gray(20, 20);
        Image drawn = HeatMapPainter.Draw(image, Empty(), new ImageRegion(-6, -6, 32, 32), Plain);
        Assert.Equal(image.Pixels.ToArray(), drawn.Pixels.ToArray());
    }

    [Fact]
    public void Draw_AlphaZero_LeavesTheImage()
    {
        Image image = Gray(30, 30);
        Image drawn = HeatMapPainter.Draw(image, Hot(1, 1), new ImageRegion(0, 0, 30, 30), Plain with { Alpha = 0 });
        Assert.Equal(image.Pixels.ToArray(), drawn.Pixels.ToArray());
    }

    [Fact]
    public void Draw_AlphaOne_ShowsTheHottestColorAlone()
    {
        // Positions whose centers are pixels'.
        var map = new HeatMap(1, 1, [2], new MapPositions(new AxisPositions(0.5, 1), new AxisPositions(0.5, 1)), new Shape(1, 1, 3));
        Image drawn = HeatMapPainter.Draw(Gray(9, 9), map, new ImageRegion(0, 0, 9, 9), Plain with { Alpha = 1 });
        (byte red, byte green, byte blue) = HeatColors.Of(1);
        Assert.Equal([red, green, blue], drawn.Row(4).Slice(3 * 4, 3).ToArray());
    }

    [Fact]
    public void Draw_Muted_KeepsTheLightness()
    {
        var image = new Image(2, 2);
        for (int i = 0; i < 12; i += 3)
        {
            (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = (200, 50, 100);
        }

        Image drawn = HeatMapPainter.Draw(image, Empty(), new ImageRegion(0, 0, 2, 2), new HeatMapOptions { Saturation = 0 });

        // 0.299 * 200 + 0.587 * 50 + 0.114 * 100
        Assert.All(drawn.Pixels.ToArray(), v => Assert.Equal(101, v));
    }

    [Theory]
    [InlineData(-0.1, 0.5, 0.5)]
    [InlineData(1.1, 0.5, 0.5)]
    [InlineData(double.NaN, 0.5, 0.5)]
    [InlineData(0.5, 2, 0.5)]
    [InlineData(0.5, 0.5, -1)]
    public void Draw_OptionOutOfRange_Throws(double alpha, double saturation, double outside)
    {
        var options = new HeatMapOptions { Alpha = alpha, Saturation = saturation, OutsideBrightness = outside };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => HeatMapPainter.Draw(Gray(3, 3), Empty(), new ImageRegion(0, 0, 3, 3), options));
        Assert.Contains("expected 0 to 1", error.Message, StringComparison.Ordinal);
    }

    private static Image Gray(int width, int height)
    {
        var image = new Image(width, height);
        image.Pixels.Fill(120);
        return image;
    }

    private static HeatMap Hot(int column, int row)
    {
        double[] evidence = new double[16];
        evidence[(row * 4) + column] = 3;
        return new HeatMap(4, 4, evidence, new MapPositions(new AxisPositions(5, 10), new AxisPositions(5, 10)), new Shape(40, 40, 3));
    }

    private static HeatMap Empty() => new(4, 4, new double[16], new MapPositions(new AxisPositions(5, 10), new AxisPositions(5, 10)), new Shape(40, 40, 3));

    // The middle of what changed most within the region.
    private static (int X, int Y) Hottest(Image before, Image after, ImageRegion region)
    {
        int most = 0;
        var places = new List<(int X, int Y)>();
        for (int y = (int)region.Y; y < region.Y + region.Height; y++)
        {
            for (int x = (int)region.X; x < region.X + region.Width; x++)
            {
                int change = 0;
                for (int c = 0; c < 3; c++)
                {
                    change += Math.Abs(after.Row(y)[(3 * x) + c] - before.Row(y)[(3 * x) + c]);
                }

                if (change > most)
                {
                    most = change;
                    places.Clear();
                }

                if (change == most)
                {
                    places.Add((x, y));
                }
            }
        }

        return ((int)places.Average(p => p.X), (int)places.Average(p => p.Y));
    }
}
