using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Parts that tables on pages have in common. Cells are sorted by their <c>data-value</c> where they have one, else by their text.</summary>
internal static class ReportTable
{
    /// <summary>A row of column headings; one that begins with <c>&lt;</c> stands at the left of its column, as bars and names do.</summary>
    public static void Head(HtmlWriter html, params ReadOnlySpan<string> columns)
    {
        html.Open("thead");
        html.Open("tr");
        foreach (string column in columns)
        {
            html.Element("th", column.TrimStart('<'), ("scope", "col"), ("class", column.StartsWith('<') ? "left" : null));
        }

        html.Close("tr");
        html.Close("thead");
    }

    /// <summary>The heading of a row: a name that others chose.</summary>
    public static void RowName(HtmlWriter html, string name, int columns = 40)
    {
        html.Open("th", ("scope", "row"), ("data-value", name));
        html.Name(name, columns);
        html.Close("th");
    }

    /// <summary>A whole number.</summary>
    public static void Count(HtmlWriter html, long count) =>
        html.Element("td", count.ToString("N0", CultureInfo.InvariantCulture), ("data-value", count.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A share as text over a bar of its length.</summary>
    /// <param name="html">The destination.</param>
    /// <param name="share">The share, 0..1; null where it is undefined.</param>
    /// <param name="style">The bar's class in the style sheet.</param>
    public static void Share(HtmlWriter html, double? share, string style = "bar")
    {
        if (share is not { } known)
        {
            html.Element("td", "-", ("class", style), ("data-value", "-1"));
            return;
        }

        string percent = (100 * known).ToString("0.##", CultureInfo.InvariantCulture);
        html.Element("td", DisplayText.Percent(known), ("class", style), ("style", $"--v:{percent}%"), ("data-value", known.ToString("R", CultureInfo.InvariantCulture)));
    }
}
