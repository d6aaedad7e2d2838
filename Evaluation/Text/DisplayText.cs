using System.Globalization;
using System.Text;

namespace MLClassify.Evaluation;

/// <summary>Class names and paths come from file names that anyone can choose: makes them safe to show and fits them into a column.</summary>
internal static class DisplayText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Replaces what has no visible form or steers the terminal: control characters (escape sequences, line ends), line and
    /// paragraph separators, bidirectional controls, unpaired surrogates, and the two code points that XML forbids.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsUnsafe(rune))
            {
                clean.Append(Replacement);
            }
            else
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>The columns that a terminal gives the text: two for East Asian wide characters and emoji, none for combining marks.</summary>
    public static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>The text in at most <paramref name="width"/> columns: the middle gives way, as names of one family differ at their ends.</summary>
    public static string Shorten(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        int tailWidth = (width - 1) / 2;
        int headWidth = width - 1 - tailWidth;
        int head = 0;
        for (int used = 0; head < runes.Length && used + Width(runes[head]) <= headWidth; head++)
        {
            used += Width(runes[head]);
        }

        int tail = runes.Length;
        for (int used = 0; tail > head && used + Width(runes[tail - 1]) <= tailWidth; tail--)
        {
            used += Width(runes[tail - 1]);
        }

        return $"{string.Concat(runes[..head])}…{string.Concat(runes[tail..])}";
    }

    /// <summary>
    /// Text that is written from right to left, between marks that keep the numbers and punctuation beside it in their places (UAX #9), for
    /// where no element can do that; other text as it is.
    /// </summary>
    public static string Isolate(string text) => text.EnumerateRunes().Any(IsRightToLeft) ? $"\u200E{text}\u200E" : text;

    /// <summary>A share as <c>92.1 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    // The blocks of Hebrew, Arabic and their neighbors, and the two marks that say "from right to left".
    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x0590 and <= 0x08FF) or 0x200F or (>= 0xFB1D and <= 0xFDFF)
        or (>= 0xFE70 and <= 0xFEFE) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    private static bool IsUnsafe(Rune rune) => rune.Value is 0xFFFE or 0xFFFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int Width(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        return IsWide(rune) ? 2 : 1;
    }

    /// <summary>Whether a terminal gives a character two columns: the blocks that Unicode's East Asian Width (UAX #11) calls wide, without its single exceptions.</summary>
    public static bool IsWide(Rune rune) => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
        or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD);
}
