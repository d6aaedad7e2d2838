using System.Globalization;
using System.Text;

namespace MLClassify.Reports;

/// <summary>One pass over comma-separated text; see <see cref="Csv.Parse"/>.</summary>
internal sealed class CsvParser(string text)
{
    private int _position;
    private int _line = 1;

    public List<string[]> ParseRows()
    {
        var rows = new List<string[]>();
        if (text.StartsWith('\uFEFF'))
        {
            _position = 1;
        }

        while (_position < text.Length)
        {
            if (!SkipLineEnd())
            {
                rows.Add(ParseRow());
            }
        }

        return rows;
    }

    private string[] ParseRow()
    {
        var fields = new List<string>();
        do
        {
            fields.Add(Csv.RemoveGuard(_position < text.Length && text[_position] == '"' ? ParseQuoted() : ParsePlain()));
        }
        while (SkipComma());

        if (_position < text.Length && !SkipLineEnd())
        {
            throw Error("text follows a closing quote");
        }

        return [.. fields];
    }

    private string ParsePlain()
    {
        int length = text.AsSpan(_position).IndexOfAny("\",\r\n");
        int end = length < 0 ? text.Length : _position + length;
        if (end < text.Length && text[end] == '"')
        {
            throw Error("a quote stands inside an unquoted field");
        }
        // A carriage return belongs to the line end only; alone it is not one.
        if (end < text.Length && text[end] == '\r' && (end + 1 == text.Length || text[end + 1] != '\n'))
        {
            throw Error("a carriage return stands alone");
        }

        string field = text[_position..end];
        _position = end;
        return field;
    }

    private string ParseQuoted()
    {
        int opening = _line;
        var field = new StringBuilder();
        for (_position++; _position < text.Length; _position++)
        {
            char c = text[_position];
            if (c == '"')
            {
                _position++;
                if (_position == text.Length || text[_position] != '"')
                {
                    return field.ToString();
                }
            }
            else if (c == '\n')
            {
                _line++;
            }

            field.Append(c);
        }

        _line = opening;
        throw Error("a quote is not closed");
    }

    private bool SkipComma()
    {
        if (_position == text.Length || text[_position] != ',')
        {
            return false;
        }

        _position++;
        return true;
    }

    private bool SkipLineEnd()
    {
        int start = _position;
        if (start < text.Length && text[start] == '\r')
        {
            start++;
        }

        if (start == text.Length || text[start] != '\n')
        {
            return false;
        }

        _position = start + 1;
        _line++;
        return true;
    }

    private FormatException Error(string problem) => new(string.Create(CultureInfo.InvariantCulture, $"line {_line}: {problem}"));
}
