using System.Text.RegularExpressions;

namespace MLClassify.Testing;

/// <summary>A fenced or indented block of a page.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of its first line, counted from 1.</param>
/// <param name="Language">The word after the fence; empty where there is none, and for indented blocks.</param>
/// <param name="Text">Its lines.</param>
/// <param name="Context">
/// What comes before it in the reader's mind: the text of a comment <c>&lt;!-- context: ... --&gt;</c> above it, after that of
/// <c>&lt;!-- everywhere: ... --&gt;</c> further up, which holds for the rest of the page.
/// </param>
public sealed partial record MarkdownBlock(string Page, int Line, string Language, string Text, string Context)
{
    private const string Fence = "```";

    /// <summary>Lists a page's blocks.</summary>
    /// <param name="page">The page, relative to the repository.</param>
    /// <param name="content">Its text.</param>
    public static IEnumerable<MarkdownBlock> Read(string page, string content)
    {
        string[] lines = content.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        string context = "";
        string everywhere = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimStart();
            if (Comment().Match(line) is { Success: true } comment)
            {
                int end = Array.FindIndex(lines, i, l => l.Contains("-->", StringComparison.Ordinal));
                string text = string.Join('\n', lines[i..(end + 1)]).Trim()[comment.Length..^"-->".Length];
                (context, everywhere) = comment.Groups[1].Value == "context" ? (text, everywhere) : (context, text + "\n");
                i = end;
            }
            else if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                int end = Array.FindIndex(lines, i + 1, l => l.Trim() == Fence);
                yield return new MarkdownBlock(page, i + 2, line[Fence.Length..].Trim(), string.Join('\n', lines[(i + 1)..end]), everywhere + context);
                (context, i) = ("", end);
            }
            else if (lines[i].StartsWith("    ", StringComparison.Ordinal) && i > 0 && lines[i - 1].Length == 0 && !ListItem().IsMatch(line))
            {
                int end = Array.FindIndex(lines, i, l => !l.StartsWith("    ", StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                yield return new MarkdownBlock(page, i + 1, "", string.Join('\n', lines[i..end].Select(l => l[4..])), everywhere + context);
                (context, i) = ("", end - 1);
            }
        }
    }

    [GeneratedRegex(@"^<!-- (context|everywhere):")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^([-*]|\d+\.) ")]
    private static partial Regex ListItem();
}
