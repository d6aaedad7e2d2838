using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>A confusion matrix as console text.</summary>
internal static class ConfusionMatrixText
{
    private const int RowNameWidth = 24;
    private const int ColumnNameWidth = 12;

    /// <summary>More columns than this are headed by their label instead of their name.</summary>
    private const int MostNamedColumns = 15;

    public static string Format(ConfusionMatrix matrix)
    {
        bool isNamed = matrix.Classes <= MostNamedColumns;
        var table = new TextTable();
        table.Row(["true \\ predicted", .. matrix.ClassNames.Select((name, label) => isNamed ? ColumnName(name) : Number(label)), "total"]);
        for (int row = 0; row < matrix.Classes; row++)
        {
            string name = DisplayText.Shorten(DisplayText.Clean(matrix.ClassNames[row]), RowNameWidth);
            table.Row([
                isNamed ? name : $"{Number(row)} {name}",
                .. Enumerable.Range(0, matrix.Classes).Select(column => Number(matrix[row, column])),
                Number(matrix.RowTotal(row)),
            ]);
        }

        table.Row(["total", .. Enumerable.Range(0, matrix.Classes).Select(column => Number(matrix.ColumnTotal(column))), Number(matrix.Images)]);
        return table.ToString();
    }

    private static string ColumnName(string name) => DisplayText.Shorten(DisplayText.Clean(name), ColumnNameWidth);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
