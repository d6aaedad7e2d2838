using System.Text;

namespace MLClassify.Cli;

/// <summary>Text from outside (file names, messages) made fit for one line of a terminal.</summary>
internal static class DisplayLine
{
    /// <summary>Replaces control characters, line ends and escapes among them, by spaces; runs of them become one.</summary>
    /// <param name="text">The text.</param>
    public static string Clean(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029'))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }
}
