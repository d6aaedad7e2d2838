using System.Globalization;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>
/// The confusion matrix as a table of counts or shares, and the pairs of classes that are mistaken for each other most. With many classes
/// the pairs come first and the matrix is folded away; beyond <see cref="MostMatrixClasses"/> it is left to <c>confusion_matrix.csv</c>.
/// </summary>
internal static class ConfusionSection
{
    /// <summary>A larger matrix is folded away.</summary>
    private const int MostOpenClasses = 30;

    /// <summary>A larger matrix is left out: a page of a million cells helps nobody.</summary>
    private const int MostMatrixClasses = 250;

    /// <summary>A matrix of more classes has narrow cells, and needs the page's whole width.</summary>
    private const int MostWideClasses = 6;

    private const int MostPairs = 12;

    private const string Explanation =
        "Rows are true classes, columns predicted ones. The diagonal is right; the stronger the color, the larger the share of the row.";

    /// <summary>More cells than this say nothing when pointed at.</summary>
    private const int MostTips = 20_000;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Report is not { } report)
        {
            return;
        }

        ConfusionMatrix matrix = report.ConfusionMatrix;
        HtmlPage.Section(html, "confusion", "Confusion", () =>
        {
            if (matrix.Classes <= MostOpenClasses)
            {
                html.Element("p", Explanation);
                html.Open("div", ("class", matrix.Classes <= MostWideClasses ? "beside" : null));
                Matrix(html, matrix);
                html.Open("div");
                Pairs(html, report);
                html.Close("div");
                html.Close("div");
                return;
            }

            Pairs(html, report);
            if (matrix.Classes > MostMatrixClasses)
            {
                html.Element("p", FormattableString.Invariant($"The matrix of {matrix.Classes:N0} classes is in confusion_matrix.csv."), ("class", "note"));
                return;
            }

            html.Open("details");
            html.Element("summary", FormattableString.Invariant($"The whole matrix, {matrix.Classes} x {matrix.Classes}"));
            html.Element("p", Explanation);
            Matrix(html, matrix);
            html.Close("details");
        });
    }

    private static void Matrix(HtmlWriter html, ConfusionMatrix matrix)
    {
        html.Open("div", ("class", "matrix-box"));
        html.Line();
        Choice(html, "matrix-counts", "counts", isChosen: true);
        Choice(html, "matrix-shares", "shares of the row, %", isChosen: false);
        // The script fills this with the orders that it can make.
        html.Open("span", ("id", "matrix-order"), ("class", "order"));
        html.Close("span");
        html.Line();
        string size = matrix.Classes switch { <= 12 => "", <= MostOpenClasses => " dense", _ => " tiny" };
        HtmlPage.Scrolling(html, "Confusion matrix", () => Table(html, matrix, size), matrix.Classes > 12 ? "tall" : null);
        html.Close("div");
    }

    private static void Choice(HtmlWriter html, string id, string label, bool isChosen)
    {
        html.Void("input", ("type", "radio"), ("name", "matrix-unit"), ("id", id), ("checked", isChosen ? "" : null));
        html.Element("label", label, ("for", id));
        html.Line();
    }

    private static void Table(HtmlWriter html, ConfusionMatrix matrix, string size)
    {
        int columns = matrix.Classes <= 12 ? 24 : 18;
        html.Open("table", ("id", "matrix"), ("class", "matrix" + size));
        html.Element("caption", "Confusion matrix, rows true, columns predicted", ("class", "hidden"));
        html.Open("thead");
        html.Open("tr");
        html.Element("td", "true \\ taken for", ("class", "corner"));
        foreach (string name in matrix.ClassNames)
        {
            html.Open("th", ("scope", "col"), ("data-value", name));
            html.Name(name, columns);
            html.Close("th");
        }

        html.Close("tr");
        html.Close("thead");
        html.Open("tbody");
        html.Line();
        bool hasTips = NonZero(matrix) <= MostTips;
        for (int row = 0; row < matrix.Classes; row++)
        {
            Row(html, matrix, row, columns, hasTips);
        }

        html.Close("tbody");
        html.Close("table");
    }

    private static void Row(HtmlWriter html, ConfusionMatrix matrix, int row, int columns, bool hasTips)
    {
        long total = matrix.RowTotal(row);
        html.Open("tr", ("data-errors", (total - matrix[row, row]).ToString(CultureInfo.InvariantCulture)));
        ReportTable.RowName(html, matrix.ClassNames[row], columns);
        for (int column = 0; column < matrix.Classes; column++)
        {
            long count = matrix[row, column];
            if (count == 0)
            {
                // Without a closing tag, which HTML allows: most cells of a large matrix are these.
                html.Trusted("<td>0");
                continue;
            }

            double share = (double)count / total;
            html.Open("td", ("class", MatrixPalette.Class(row == column, share)), ("title", hasTips ? Describe(matrix, row, column, count, total) : null));
            html.Element("span", count.ToString(CultureInfo.InvariantCulture), ("class", "n"));
            html.Element("span", (100 * share).ToString(share is > 0 and < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture), ("class", "p"));
            html.Close("td");
        }

        html.Close("tr");
    }

    private static string Describe(ConfusionMatrix matrix, int row, int column, long count, long total)
    {
        string name = Short(matrix.ClassNames[row]);
        string share = FormattableString.Invariant($"{count} of {total} ({DisplayText.Percent((double)count / total)})");
        return row == column ? $"{name}: {share} recognized" : $"{name} taken for {Short(matrix.ClassNames[column])}: {share}";
    }

    private static string Short(string name) => DisplayText.Isolate(DisplayText.Shorten(DisplayText.Clean(name), 40));

    private static void Pairs(HtmlWriter html, EvaluationResult report)
    {
        IReadOnlyList<Confusion> pairs = report.ConfusionMatrix.MostConfused(MostPairs);
        html.Element("h3", "Most confused");
        if (pairs.Count == 0)
        {
            html.Element("p", "No class was taken for another.");
            return;
        }

        HtmlPage.Scrolling(html, "Most confused classes", () =>
        {
            html.Open("table", ("id", "pairs"), ("class", "numbers sortable"));
            html.Element("caption", "Pairs of classes by number of mistakes", ("class", "hidden"));
            ReportTable.Head(html, "shows", "<taken for", "images", "<of the class");
            html.Open("tbody");
            html.Line();
            foreach (Confusion pair in pairs)
            {
                ClassMetrics truth = report.Classes[pair.TrueLabel];
                html.Open("tr");
                ReportTable.RowName(html, truth.Name);
                html.Open("td", ("class", "name"), ("data-value", report.Classes[pair.PredictedLabel].Name));
                html.Name(report.Classes[pair.PredictedLabel].Name, 40);
                html.Close("td");
                ReportTable.Count(html, pair.Images);
                ReportTable.Share(html, (double)pair.Images / truth.Images, "bar mistake");
                html.Close("tr");
            }

            html.Close("tbody");
            html.Close("table");
        });
    }

    private static int NonZero(ConfusionMatrix matrix)
    {
        int cells = 0;
        foreach (long count in matrix.ToArray())
        {
            cells += count > 0 ? 1 : 0;
        }

        return cells;
    }
}
