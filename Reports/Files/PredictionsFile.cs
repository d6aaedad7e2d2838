using System.Globalization;
using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>The prediction for each image as a CSV file. Text that a spreadsheet would take for a formula has an apostrophe before it.</summary>
public static class PredictionsFile
{
    /// <summary>
    /// Writes <c>path,true,predicted,probability,correct</c>: names of classes, the predicted class's softmax probability in 0..1,
    /// and 1 or 0. An image without a prediction has an empty field and the probability 0.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="report">The report whose <see cref="EvaluationResult.Predictions"/> are written.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, EvaluationResult report)
    {
        ArgumentNullException.ThrowIfNull(report);
        AtomicFile.WriteAllText(path, ToCsv(report));
    }

    /// <summary>
    /// Writes a row a file: <c>path,label,score,label_2,score_2,...,error</c>, its likeliest classes with their probabilities in 0..1, and
    /// the reason where there are none.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="predictions">What <see cref="ImageClassifier.Predict(IEnumerable{string}, TestTimeViews, CancellationToken)"/> gives.</param>
    /// <param name="top">How many classes to name, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is below 1.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IEnumerable<FilePrediction> predictions, int top = 1)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        AtomicFile.WriteAllText(path, ToCsv(predictions, top));
    }

    internal static string ToCsv(IEnumerable<FilePrediction> predictions, int top)
    {
        var csv = new Csv();
        csv.Row(["path", .. Enumerable.Range(1, top).SelectMany(Columns), "error"]);
        foreach (FilePrediction result in predictions)
        {
            IReadOnlyList<ClassScore> scores = result.Prediction?.Top(top) ?? [];
            csv.Text(result.Path);
            for (int i = 0; i < top; i++)
            {
                csv.Text(i < scores.Count ? scores[i].Label : "");
                csv.Number(i < scores.Count ? Math.Round(scores[i].Score, 6) : null);
            }

            csv.Text(result.Error ?? "");
            csv.EndRow();
        }

        return csv.ToString();
    }

    private static IEnumerable<string> Columns(int place)
    {
        string suffix = place == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{place}");
        return [$"label{suffix}", $"score{suffix}"];
    }

    internal static string ToCsv(EvaluationResult report)
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
