namespace MLClassify.Reports;

/// <summary>Writes the files of an evaluation to a run folder.</summary>
public static class ReportFolder
{
    /// <summary>The name of the metrics, see <see cref="MetricsFile"/>.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>The name of the metrics on images that took no part in the training, see <see cref="MetricsFile"/>.</summary>
    public const string TestMetrics = "test_metrics.json";

    /// <summary>The name of the metrics of a cross-validation, see <see cref="MetricsFile"/>.</summary>
    public const string CrossValidation = "cross_validation.json";

    /// <summary>The name of the predictions, see <see cref="PredictionsFile"/>.</summary>
    public const string Predictions = "predictions.csv";

    /// <summary>The name of the list of unusable files: path and reason.</summary>
    public const string Skipped = "skipped.csv";

    /// <summary>The name of the epochs' results.</summary>
    public const string Results = "results.csv";

    /// <summary>The name of the strengths of regularization that were tried, see <see cref="RegularizationFile"/>.</summary>
    public const string Regularization = "regularization.csv";

    /// <summary>The name of the confusion matrix's image, see <see cref="ConfusionMatrixPlot"/>.</summary>
    public const string ConfusionMatrix = "confusion_matrix.svg";

    /// <summary>The name of the confusion matrix's table, see <see cref="ConfusionMatrixFile"/>.</summary>
    public const string ConfusionMatrixTable = "confusion_matrix.csv";

    /// <summary>The name of the training curves' image, see <see cref="TrainingCurvesPlot"/>.</summary>
    public const string Curves = "curves.svg";

    /// <summary>The name of the page that shows all of it, see <see cref="HtmlReport"/>.</summary>
    public const string Page = "report.html";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<string> Files { get; } = [Metrics, TestMetrics, CrossValidation, Predictions, Skipped, Results, Regularization, ConfusionMatrix, ConfusionMatrixTable, Curves, Page];

    /// <summary>
    /// Short names for the folders of several models' reports, each different from the others', also where upper and lower case are the
    /// same: the last parts of each path, as few as tell them apart, joined by a dash.
    /// </summary>
    /// <param name="models">Paths of files, whose extension is left out, or of folders.</param>
    public static IReadOnlyList<string> NamesOf(IReadOnlyList<string> models) => DistinctNames.Of(models);

    /// <summary>Writes metrics, predictions, the list of skipped files, and the confusion matrix as an image and as a table.</summary>
    /// <param name="folder">The folder; created where it is absent.</param>
    /// <param name="report">The report.</param>
    /// <param name="skipped">The files that could not be evaluated, and why.</param>
    /// <exception cref="IOException">A file cannot be written; each file is the old or the new one, never half of it.</exception>
    public static void Write(string folder, EvaluationResult report, IEnumerable<(string Path, string Reason)> skipped)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(report);
        ConfusionMatrixPlot.Write(Path.Combine(folder, ConfusionMatrix), report.ConfusionMatrix);
        ConfusionMatrixFile.Write(Path.Combine(folder, ConfusionMatrixTable), report.ConfusionMatrix);
        SkippedFileList.Write(Path.Combine(folder, Skipped), skipped);
        PredictionsFile.Write(Path.Combine(folder, Predictions), report);
        MetricsFile.Write(Path.Combine(folder, Metrics), report);
    }
}
