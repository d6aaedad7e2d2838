namespace MLClassify.Cli.Output;

/// <summary>A command line as one would type it.</summary>
internal static class ShellText
{
    /// <summary>Joins words; those that a shell would take apart stand in quotes (single ones; double ones on Windows).</summary>
    /// <param name="words">The program and its arguments.</param>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(word => OperatingSystem.IsWindows() ? QuoteForWindows(word) : Quote(word)));

    /// <summary>A word for a POSIX shell (IEEE 1003.1, section 2.2.2): within single quotes nothing but a single quote has a meaning.</summary>
    internal static string Quote(string word) => word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A word for Windows, where a quote inside is escaped by a backslash.</summary>
    internal static string QuoteForWindows(string word) =>
        word.Length > 0 && word.All(c => IsPlain(c) || c == '\\') ? word : $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or ',' or '=' or '+' or '@' or '%';
}
