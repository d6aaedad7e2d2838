using System.Text;

namespace MLClassify.Datasets;

/// <summary>Rows of a file with values separated by commas, semicolons or tabs (RFC 4180): quotes may hold separators and line ends, doubled quotes stand for one.</summary>
internal static class SeparatedText
{
    /// <summary>Reads rows; empty lines are left out.</summary>
    /// <param name="path">The file; UTF-8, or UTF-16 with a byte order mark.</param>
    /// <returns>Each row's first line, from 1, and its values without spaces around them.</returns>
    /// <exception cref="InvalidDatasetException">A quote is not closed.</exception>
    public static IEnumerable<(int Line, string[] Values)> Read(string path)
    {
        string text = File.ReadAllText(path);
        char separator = Separator(text);
        var values = new List<string>();
        var value = new StringBuilder();
        int line = 1;
        int first = 1;
        int quote = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : '\n';
            if (quote > 0 && i < text.Length)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    value.Append(c);
                    i++;
                }
                else if (c == '"')
                {
                    quote = 0;
                }
                else
                {
                    line += c == '\n' ? 1 : 0;
                    value.Append(c);
                }

                continue;
            }

            if (quote > 0)
            {
                throw new InvalidDatasetException(FormattableString.Invariant($"{path}, line {quote}: found a quote that is not closed, expected another one."));
            }

            if (c == '"' && value.ToString().Trim().Length == 0)
            {
                quote = line;
                value.Clear();
            }
            else if (c == separator)
            {
                values.Add(value.ToString().Trim());
                value.Clear();
            }
            else if (c == '\n')
            {
                values.Add(value.ToString().Trim());
                value.Clear();
                if (values.Exists(text => text.Length > 0))
                {
                    yield return (first, [.. values]);
                }

                values.Clear();
                first = ++line;
            }
            else
            {
                value.Append(c);
            }
        }
    }

    // That of the first line; a path may hold the others.
    private static char Separator(string text)
    {
        ReadOnlySpan<char> header = text.AsSpan(0, text.IndexOf('\n') is var end and >= 0 ? end : text.Length);
        return header.Contains('\t') ? '\t' : header.Contains(';') && !header.Contains(',') ? ';' : ',';
    }
}
