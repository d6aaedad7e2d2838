using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>
/// <c>regularization.csv</c>: <c>strength,loss,accuracy,balanced_accuracy,chosen</c>, a row for each strength that cross-validation tried, from
/// strong to weak; the chosen one has a 1 (see <see cref="Csv"/>).
/// </summary>
internal static class RegularizationFile
{
    /// <summary>Writes the rows.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="points">The strengths and their figures.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IReadOnlyList<RegularizationPoint> points)
    {
        var csv = new Csv();
        csv.Row("strength", "loss", "accuracy", "balanced_accuracy", "chosen");
        foreach (RegularizationPoint point in points)
        {
            csv.Number(point.Strength);
            csv.Number(point.Loss);
            csv.Number(point.Accuracy);
            csv.Number(point.BalancedAccuracy);
            csv.Number(point.IsChosen ? 1L : 0L);
            csv.EndRow();
        }

        AtomicFile.WriteAllText(path, csv.ToString());
    }
}
