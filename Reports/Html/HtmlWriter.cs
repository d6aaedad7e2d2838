using System.Globalization;
using System.Text;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>
/// Writes HTML elements. All text and all attribute values are encoded here and nowhere else; what has no visible form or turns the
/// direction of writing is replaced first (<see cref="DisplayText.Clean"/>). Inline SVG elements are written the same way.
/// </summary>
internal sealed class HtmlWriter
{
    private const int NameColumns = 48;

    private readonly StringBuilder _html = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; attributes whose value is null are left out.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(name, attributes);
        _open.Push(name);
    }

    /// <summary>Closes the element that was opened last.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidOperationException">Another element was opened last.</exception>
    public void Close(string name)
    {
        if (_open.Count == 0 || _open.Peek() != name)
        {
            throw new InvalidOperationException($"</{name}> closes <{(_open.Count == 0 ? "nothing" : _open.Peek())}>");
        }

        _open.Pop();
        _html.Append("</").Append(name).Append('>');
        if (!IsInline(name))
        {
            _html.Append('\n');
        }
    }

    /// <summary>An element that holds text.</summary>
    public void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(name, attributes);
        Text(text);
        Close(name);
    }

    /// <summary>An HTML element without content or end, such as <c>meta</c>.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Tag(name, attributes);

    /// <summary>Text.</summary>
    public void Text(string text) => Encode(_html, text);

    /// <summary>
    /// A name that others chose, shortened in its middle where it is long, apart from the direction in which the text around it is written.
    /// </summary>
    public void Name(string name, int columns = NameColumns)
    {
        string clean = DisplayText.Clean(name);
        string shown = DisplayText.Shorten(clean, columns);
        Open("bdi", ("title", shown == clean ? null : clean));
        Text(shown);
        Close("bdi");
    }

    /// <summary>Content of this library's own that needs no encoding: its style sheet, its script.</summary>
    public void Trusted(string content) => _html.Append(content);

    /// <summary>A line end between elements, so that the page can be read as text.</summary>
    public void Line() => _html.Append('\n');

    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() => _open.Count == 0 ? _html.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is not closed");

    /// <summary>A coordinate with two decimals.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Tag(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(name);
        foreach ((string attribute, string? value) in attributes)
        {
            if (value is null)
            {
                continue;
            }

            _html.Append(' ').Append(attribute);
            if (value.Length == 0)
            {
                continue;
            }

            _html.Append("=\"");
            Encode(_html, value);
            _html.Append('"');
        }

        _html.Append('>');
    }

    private static void Encode(StringBuilder html, string text)
    {
        foreach (char c in DisplayText.Clean(text))
        {
            switch (c)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                default: html.Append(c); break;
            }
        }
    }

    private static bool IsInline(string name) => name is "a" or "b" or "bdi" or "code" or "em" or "span" or "strong" or "text" or "title" or "tspan";
}
