using System.Globalization;
using System.Text;

namespace MLClassify.Reports;

/// <summary>
/// Writes and reads comma-separated values as RFC 4180 quotes them: a field with a comma, a quote, a line end or a space at either
/// end stands in quotes, a quote inside is doubled. Lines end in <c>\n</c>, so that line tools see no stray <c>\r</c>; files are UTF-8.
/// </summary>
/// <remarks>
/// <para>
/// Spreadsheets run a field that begins with <c>= + - @</c>, a tab or a carriage return as a formula, also a quoted one, and class names
/// and paths come from folders that others named. <see cref="Text"/> therefore puts an apostrophe before such a field, and
/// <see cref="Parse"/> takes it away again; so that this is unambiguous, a field in which apostrophes precede such a character
/// gets one more. All other fields, also ones like <c>'s-Gravenhage</c>, are written as they are.
/// </para>
/// </remarks>
internal sealed class Csv
{
    private readonly StringBuilder _text = new();
    private bool _isRowStarted;

    /// <summary>Adds a row of text fields.</summary>
    public void Row(params IEnumerable<string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        foreach (string field in fields)
        {
            Text(field);
        }

        EndRow();
    }

    /// <summary>Adds a text field to the row, guarded against being run as a formula.</summary>
    public void Text(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        Separate();
        string guarded = LeadsToFormula(field) ? "'" + field : field;
        if (NeedsQuotes(guarded))
        {
            _text.Append('"').Append(guarded.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            _text.Append(guarded);
        }
    }

    /// <summary>Adds a whole number to the row.</summary>
    public void Number(long value)
    {
        Separate();
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Adds a number to the row: <c>nan</c>, <c>inf</c> and <c>-inf</c> as Python and R read them, an empty field for null.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">A .NET format; by default the shortest text that reads back as the same number.</param>
    public void Number(double? value, string format = "R")
    {
        Separate();
        _text.Append(value switch
        {
            null => "",
            double.NaN => "nan",
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            _ => value.Value.ToString(format, CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Ends the row.</summary>
    public void EndRow()
    {
        _text.Append('\n');
        _isRowStarted = false;
    }

    /// <summary>The rows so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Reads text that this class wrote, or any other of RFC 4180 with <c>\n</c> or <c>\r\n</c>; empty lines are skipped.</summary>
    /// <returns>The rows' fields, without guarding apostrophes.</returns>
    /// <exception cref="FormatException">A quote is missing or misplaced; the message names the line.</exception>
    public static IReadOnlyList<string[]> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new CsvParser(text).ParseRows();
    }

    internal static string RemoveGuard(string field) => field.StartsWith('\'') && LeadsToFormula(field) ? field[1..] : field;

    private static bool LeadsToFormula(string field)
    {
        ReadOnlySpan<char> rest = field.AsSpan().TrimStart('\'');
        // The last four are the full-width forms of the first, which East Asian spreadsheets run too.
        return !rest.IsEmpty && rest[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠';
    }

    private static bool NeedsQuotes(string field) =>
        field.Length == 0 || field[0] == ' ' || field[^1] == ' ' || field.AsSpan().IndexOfAny("\",\r\n") >= 0;

    private void Separate()
    {
        if (_isRowStarted)
        {
            _text.Append(',');
        }

        _isRowStarted = true;
    }
}
