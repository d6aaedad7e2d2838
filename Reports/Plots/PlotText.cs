using System.Globalization;
using System.Text;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Estimates the room that a label needs; no font is at hand, and the viewer's may be any of several.</summary>
internal static class PlotText
{
    /// <summary>The text's width in units of <paramref name="size"/>'s, on the generous side of common sans-serif fonts.</summary>
    public static double Width(string text, double size)
    {
        double width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Em(rune);
        }

        return width * size;
    }

    /// <summary>A class name as a label: cleaned and shortened in its middle to at most <paramref name="width"/> columns.</summary>
    public static string Label(string name, int width) => DisplayText.Shorten(DisplayText.Clean(name), width);

    private static double Em(Rune rune)
    {
        if (DisplayText.IsWide(rune))
        {
            return 1.05;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        return rune.Value switch
        {
            'i' or 'j' or 'l' or '\'' or '|' or '.' or ',' or ':' or ';' or '!' => 0.28,
            'f' or 't' or 'r' or ' ' or '-' or '(' or ')' or '/' or '\\' => 0.36,
            'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.92,
            '…' => 1,
            _ when Rune.IsUpper(rune) => 0.70,
            _ => 0.57,
        };
    }
}
