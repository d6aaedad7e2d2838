namespace MLClassify.Models.Tests.Explaining;

public class HeatColorsTests
{
    private const int Count = 256;

    // Pieces of 16 steps, so that rounding to bytes (up to 0.2 % of the range each end) does not hide the path.
    private const int Piece = 16;

    [Fact]
    public void Of_EqualStepsOfHeat_AreEqualStepsToTheEye()
    {
        double[] lengths = [.. Enumerable.Range(0, (Count - 1) / Piece).Select(i => Distance(Lab(i * Piece), Lab((i + 1) * Piece)))];
        Assert.All(lengths, length => Assert.InRange(length / lengths.Average(), 0.85, 1.15));
    }

    [Fact]
    public void Of_MoreHeat_IsLighter()
    {
        for (int i = Piece; i < Count; i++)
        {
            Assert.True(Lab(i).L > Lab(i - Piece).L + 0.01, $"{i}");
        }
    }

    // Dichromats' colors after Viénot, Brettel and Mollon 1999, "Digital video colormaps for checking the legibility of displays by dichromats".
    [Theory]
    [InlineData(0.11238, 0.88762, 0.00401)]
    [InlineData(0.29275, 0.70725, -0.02234)]
    public void Of_MoreHeat_IsLighterToTheColorBlindToo(double red, double green, double third)
    {
        double before = double.MinValue;
        for (int i = 0; i < Count; i += Piece)
        {
            (double r, double g, double b) = Linear(i);
            double yellow = (red * r) + (green * g);
            double blue = (third * r) - (third * g) + b;
            double lightness = Lab((yellow, yellow, Math.Max(0, blue))).L;
            Assert.True(lightness > before + 0.01, $"{i}");
            before = lightness;
        }
    }

    [Fact]
    public void Of_BeyondTheRange_IsTheEnds()
    {
        Assert.Equal(HeatColors.Of(0), HeatColors.Of(-1));
        Assert.Equal(HeatColors.Of(1), HeatColors.Of(2));
    }

    private static double Distance((double L, double A, double B) a, (double L, double A, double B) b) =>
        Math.Sqrt(Math.Pow(a.L - b.L, 2) + Math.Pow(a.A - b.A, 2) + Math.Pow(a.B - b.B, 2));

    private static (double R, double G, double B) Linear(int index)
    {
        (byte red, byte green, byte blue) = HeatColors.Of(index / (double)(Count - 1));
        return (Decode(red), Decode(green), Decode(blue));
    }

    private static double Decode(byte value)
    {
        double share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    private static (double L, double A, double B) Lab(int index) => Lab(Linear(index));

    // Linear sRGB to OKLab (Ottosson 2020): the way back from what the ramp is made with.
    private static (double L, double A, double B) Lab((double R, double G, double B) c)
    {
        double l = Math.Cbrt((0.4122214708 * c.R) + (0.5363325363 * c.G) + (0.0514459929 * c.B));
        double m = Math.Cbrt((0.2119034982 * c.R) + (0.6806995451 * c.G) + (0.1073969566 * c.B));
        double s = Math.Cbrt((0.0883024619 * c.R) + (0.2817188376 * c.G) + (0.6299787005 * c.B));
        return (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }
}
