namespace MLClassify.Models;

/// <summary>
/// The colors of heat: from dark violet over red to light yellow. Equal steps of heat are equal steps to the eye, and lightness alone tells
/// every value, so that color-blind readers and gray printers lose nothing. The ramp is a path through OKLCh (Ottosson 2020, "A perceptual
/// color space for image processing"): lightness grows evenly while the hue turns, and the path is cut into pieces of equal length.
/// </summary>
internal static class HeatColors
{
    private const int Count = 256;
    private const int Samples = 4096;
    private const double DarkLightness = 0.22;
    private const double LightLightness = 0.96;

    // From violet through red (0 = 360) to yellow, in degrees.
    private const double FirstHue = 295;
    private const double LastHue = 465;

    // No color needs more, and all that lie in the gamut below it are used as they are.
    private const double LargestChroma = 0.19;

    private static readonly (byte Red, byte Green, byte Blue)[] Table = Build();

    /// <summary>The color of a heat.</summary>
    /// <param name="heat">0..1.</param>
    public static (byte Red, byte Green, byte Blue) Of(double heat) => Table[(int)Math.Round(Math.Clamp(heat, 0, 1) * (Count - 1))];

    private static (byte Red, byte Green, byte Blue)[] Build()
    {
        double[] lengths = new double[Samples];
        (double L, double A, double B) before = Path(0);
        for (int i = 1; i < Samples; i++)
        {
            (double L, double A, double B) next = Path(i / (double)(Samples - 1));
            lengths[i] = lengths[i - 1] + Math.Sqrt(Square(next.L - before.L) + Square(next.A - before.A) + Square(next.B - before.B));
            before = next;
        }

        var table = new (byte, byte, byte)[Count];
        int at = 0;
        for (int i = 0; i < Count; i++)
        {
            while (at < Samples - 1 && lengths[at] < lengths[^1] * i / (Count - 1))
            {
                at++;
            }

            (double red, double green, double blue) = ToLinear(Path(at / (double)(Samples - 1)));
            table[i] = (ToByte(red), ToByte(green), ToByte(blue));
        }

        return table;
    }

    private static (double L, double A, double B) Path(double t)
    {
        double lightness = DarkLightness + ((LightLightness - DarkLightness) * t);
        double hue = (FirstHue + ((LastHue - FirstHue) * t)) * Math.PI / 180;

        // The most color that a screen can show here, by bisection.
        double inside = 0;
        double outside = LargestChroma;
        for (int i = 0; i < 30; i++)
        {
            double chroma = (inside + outside) / 2;
            bool isShown = IsShown(ToLinear((lightness, chroma * Math.Cos(hue), chroma * Math.Sin(hue))));
            (inside, outside) = isShown ? (chroma, outside) : (inside, chroma);
        }

        return (lightness, inside * Math.Cos(hue), inside * Math.Sin(hue));
    }

    // OKLab to linear sRGB, with the matrices of its definition.
    private static (double Red, double Green, double Blue) ToLinear((double L, double A, double B) color)
    {
        double l = Cube(color.L + (0.3963377774 * color.A) + (0.2158037573 * color.B));
        double m = Cube(color.L - (0.1055613458 * color.A) - (0.0638541728 * color.B));
        double s = Cube(color.L - (0.0894841775 * color.A) - (1.2914855480 * color.B));
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static bool IsShown((double Red, double Green, double Blue) color) =>
        color.Red is >= 0 and <= 1 && color.Green is >= 0 and <= 1 && color.Blue is >= 0 and <= 1;

    // The transfer function of sRGB (IEC 61966-2-1).
    private static byte ToByte(double linear)
    {
        double value = Math.Clamp(linear, 0, 1);
        double encoded = value <= 0.0031308 ? 12.92 * value : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055;
        return (byte)Math.Round(255 * encoded);
    }

    private static double Square(double value) => value * value;

    private static double Cube(double value) => value * value * value;
}
