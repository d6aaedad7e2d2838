using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>
/// <c>confusion_matrix.csv</c>: a header <c>true,NAME...</c>, then a row per true class. Text that a spreadsheet would take for a formula
/// has an apostrophe before it.
/// </summary>
public static class ConfusionMatrixFile
{
    /// <summary>Writes the matrix.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="matrix">The matrix.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, ConfusionMatrix matrix) => AtomicFile.WriteAllText(path, ToCsv(matrix));

    /// <summary>The matrix as CSV text.</summary>
    /// <param name="matrix">The matrix.</param>
    public static string ToCsv(this ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var csv = new Csv();
        csv.Row(["true", .. matrix.ClassNames]);
        for (int row = 0; row < matrix.Classes; row++)
        {
            csv.Text(matrix.ClassNames[row]);
            for (int column = 0; column < matrix.Classes; column++)
            {
                csv.Number(matrix[row, column]);
            }

            csv.EndRow();
        }

        return csv.ToString();
    }
}
