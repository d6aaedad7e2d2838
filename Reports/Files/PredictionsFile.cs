using MLClassify.Common;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary><c>predictions.csv</c>: the prediction for each image.</summary>
public static class PredictionsFile
{
    /// <summary>
    /// Writes <c>path,true,predicted,probability,correct</c>: names of classes, the predicted class's softmax probability in 0..1,
    /// and 1 or 0. An image without a prediction has an empty field and the probability 0. See <see cref="Csv"/> for the quoting.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="report">The report whose <see cref="ClassificationReport.Predictions"/> are written.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, ClassificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        AtomicFile.WriteAllText(path, ToCsv(report));
    }

    internal static string ToCsv(ClassificationReport report)
    {
        IReadOnlyList<string> names = report.ConfusionMatrix.ClassNames;
        var csv = new Csv();
        csv.Row("path", "true", "predicted", "probability", "correct");
        foreach (EvaluatedPrediction prediction in report.Predictions)
        {
            csv.Text(prediction.Path);
            csv.Text(names[prediction.TrueLabel]);
            csv.Text(prediction.PredictedLabel is int label ? names[label] : "");
            csv.Number(prediction.Probability, "0.######");
            csv.Number(prediction.IsCorrect ? 1 : 0);
            csv.EndRow();
        }

        return csv.ToString();
    }
}
