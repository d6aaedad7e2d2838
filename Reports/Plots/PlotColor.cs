using System.Globalization;

namespace MLClassify.Reports;

/// <summary>An sRGB color, 8 bits a channel.</summary>
internal readonly record struct PlotColor(byte Red, byte Green, byte Blue)
{
    public static readonly PlotColor White = new(255, 255, 255);
    public static readonly PlotColor Black = new(0, 0, 0);
    public static readonly PlotColor Ink = new(0x1C, 0x24, 0x30);

    /// <summary>For secondary text: 7:1 on white.</summary>
    public static readonly PlotColor Muted = new(0x4F, 0x58, 0x66);
    public static readonly PlotColor Frame = new(0x9A, 0xA4, 0xB2);
    public static readonly PlotColor Grid = new(0xE3, 0xE7, 0xED);

    /// <summary>Blue and orange, which all common forms of color blindness keep apart.</summary>
    public static readonly PlotColor Azure = new(0x1F, 0x6F, 0xC0);
    public static readonly PlotColor Amber = new(0xC4, 0x54, 0x0A);

    /// <summary>The point at <paramref name="t"/> (0..1) of a scale of evenly spaced colors.</summary>
    public static PlotColor OnScale(ReadOnlySpan<PlotColor> scale, double t)
    {
        double position = Math.Clamp(t, 0, 1) * (scale.Length - 1);
        int index = Math.Min((int)position, scale.Length - 2);
        PlotColor from = scale[index];
        PlotColor to = scale[index + 1];
        double part = position - index;
        return new PlotColor(Mix(from.Red, to.Red, part), Mix(from.Green, to.Green, part), Mix(from.Blue, to.Blue, part));
    }

    /// <summary>The contrast ratio of two colors, 1..21 (WCAG 2.1, "contrast ratio").</summary>
    public static double Contrast(PlotColor a, PlotColor b)
    {
        double lighter = Math.Max(a.Luminance(), b.Luminance());
        double darker = Math.Min(a.Luminance(), b.Luminance());
        return (lighter + 0.05) / (darker + 0.05);
    }

    /// <summary>White or black, whichever reads better on this color; one of the two always has 4.5:1.</summary>
    public PlotColor TextColor() => Contrast(this, White) > Contrast(this, Black) ? White : Black;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    private static byte Mix(byte from, byte to, double part) => (byte)Math.Round(from + ((to - from) * part));

    // WCAG 2.1, "relative luminance".
    private double Luminance() => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte channel)
    {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
