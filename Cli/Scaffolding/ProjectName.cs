using System.Globalization;
using System.Text;

namespace MLClassify.Cli.Scaffolding;

/// <summary>Any text as the name of a class, which is also that of a project and its files.</summary>
internal static class ProjectName
{
    private const int Longest = 60;

    /// <summary>
    /// The text's letters, digits and underscores; what follows anything else, and the first letter, becomes upper-case: <c>my flowers-2</c>
    /// is <c>MyFlowers2</c>. Where it begins with a digit, an underscore comes first.
    /// </summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="taken">Names that a class here may not have.</param>
    /// <exception cref="UsageException">There is no letter or digit in it, it is too long, or the name is taken.</exception>
    public static string From(string text, IReadOnlySet<string> taken)
    {
        var name = new StringBuilder(text.Length + 1);
        bool isStart = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsPart(rune))
            {
                isStart = true;
                continue;
            }

            name.Append(isStart ? Rune.ToUpperInvariant(rune) : rune);
            isStart = false;
        }

        if (!name.ToString().EnumerateRunes().Any(Rune.IsLetterOrDigit))
        {
            throw new UsageException($"'{text}' cannot be a name: there is no letter or digit in it");
        }

        if (!IsStart(Rune.GetRuneAt(name.ToString(), 0)))
        {
            name.Insert(0, '_');
        }

        string identifier = name.ToString();
        if (identifier.Length > Longest)
        {
            throw new UsageException(FormattableString.Invariant($"'{text}' is too long for a name: {identifier.Length} characters, expected at most {Longest}"));
        }

        return !taken.Contains(identifier)
            ? identifier
            : throw new UsageException($"'{text}' cannot be the name: '{identifier}' is one that the project's code uses; take another, such as '{identifier}Model'");
    }

    // C#'s lexical grammar, section 6.4.3 of ECMA-334; characters outside the basic plane are not parts of identifiers for the compiler.
    private static bool IsStart(Rune rune) => rune.IsBmp && (rune.Value == '_' || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber);

    private static bool IsPart(Rune rune) => IsStart(rune) || (rune.IsBmp && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
