using System.Globalization;

namespace MLClassify.Reports;

/// <summary>Turns the content of <c>metrics.json</c>, which anyone may have edited, into a report whose figures follow from its counts.</summary>
internal static class MetricsReader
{
    /// <summary>Stored shares may differ this much from what the counts give: other programs round.</summary>
    private const double ShareTolerance = 1e-4;

    /// <exception cref="FormatException">The content contradicts itself.</exception>
    public static EvaluationResult ToResult(MetricsDocument document)
    {
        ConfusionMatrix matrix = ToMatrix(document);
        long[] undefined = new long[matrix.Classes];
        for (int label = 0; label < undefined.Length; label++)
        {
            long counted = matrix.RowTotal(label);
            undefined[label] = document.Classes[label].Images - counted;
            Check(undefined[label] >= 0, $"classes[{label}].images is {document.Classes[label].Images}, its row of the matrix holds {counted}");
        }

        int topK = document.TopK ?? MetricsFile.UsualTopK;
        Check(topK > 0, $"top_k is {topK}, expected a positive number");
        double? topKAccuracy = document.TopK is null ? document.Top5Accuracy : document.TopKAccuracy;
        Check(topKAccuracy is >= 0 and <= 1, $"the top-{topK} accuracy is {topKAccuracy}, expected a share in 0..1");
        double loss = document.Loss ?? double.NaN;
        Check(document.Loss is null || (double.IsFinite(loss) && loss >= 0), $"loss is {loss}, expected a number of at least 0 or null");

        var report = new EvaluationResult(matrix, undefined, Math.Min(topK, matrix.Classes), topKAccuracy.GetValueOrDefault(), loss, []);
        CheckAgreement(document, report);
        Check(report.TopKAccuracy >= report.Accuracy - ShareTolerance, $"the top-{topK} accuracy is {topKAccuracy}, the accuracy is {report.Accuracy}");
        return document.Calibration is null
            ? report
            : new EvaluationResult(report.ConfusionMatrix, undefined, report.TopK, report.TopKAccuracy, loss, [], ToCalibration(document.Calibration, matrix));
    }

    private static ConfusionMatrix ToMatrix(MetricsDocument document)
    {
        int classes = document.Classes.Count;
        long[][] rows = document.ConfusionMatrix;
        Check(classes > 0, $"classes is empty");
        Check(rows.Length == classes, $"confusion_matrix has {rows.Length} rows, expected {classes}");
        for (int row = 0; row < classes; row++)
        {
            Check(document.Classes[row] is not null, $"classes[{row}] is null");
            Check(rows[row].Length == classes, $"confusion_matrix[{row}] has {rows[row].Length} columns, expected {classes}");
        }

        // Each image count is bounded by this, so sums over classes stay far from overflow.
        const long LargestCount = 1L << 40;
        Check(document.Classes.All(item => item.Images is >= 0 and <= LargestCount), $"images of a class is not in 0..{LargestCount}");
        Check(rows.All(row => row.All(count => count is >= 0 and <= LargestCount)), $"a count is not in 0..{LargestCount}");

        long[,] counts = new long[classes, classes];
        for (int row = 0; row < classes; row++)
        {
            for (int column = 0; column < classes; column++)
            {
                counts[row, column] = rows[row][column];
            }
        }

        return new ConfusionMatrix([.. document.Classes.Select(item => item.Name)], counts);
    }

    private static Calibration ToCalibration(MetricsCalibration stored, ConfusionMatrix matrix)
    {
        const int mostBins = 1000;
        int count = stored.Bins.Count;
        Check(count is >= 1 and <= mostBins, $"calibration has {count} bins, expected 1..{mostBins}");
        var bins = new CalibrationBin[count];
        (long images, long correct) = (0, 0);
        for (int i = 0; i < count; i++)
        {
            MetricsCalibrationBin bin = stored.Bins[i];
            Check(bin is not null, $"calibration.bins[{i}] is null");
            (double lower, double upper) = ((double)i / count, (i + 1.0) / count);
            Check(bin!.Images >= 0 && bin.Images <= matrix.Images - images, $"calibration.bins[{i}].images is {bin.Images}, the matrix holds {matrix.Images} in all");
            Check(bin.Correct >= 0 && bin.Correct <= bin.Images, $"calibration.bins[{i}].correct is {bin.Correct} of {bin.Images} images");
            bool isInside = bin.Confidence >= lower - ShareTolerance && bin.Confidence <= upper + ShareTolerance;
            Check(bin.Images == 0 || isInside, $"calibration.bins[{i}].confidence is {bin.Confidence}, expected {lower:0.####}..{upper:0.####}");
            bins[i] = new CalibrationBin(lower, upper, bin.Images, bin.Correct, bin.Images == 0 ? 0 : Math.Clamp(bin.Confidence, 0, 1));
            (images, correct) = (images + bin.Images, correct + bin.Correct);
        }

        Check(images == matrix.Images, $"calibration holds {images} images, the matrix holds {matrix.Images}");
        Check(correct == matrix.Correct, $"calibration holds {correct} correct images, the matrix holds {matrix.Correct}");
        var calibration = new Calibration(bins);
        CheckShare("calibration.expected_error", stored.ExpectedError, calibration.ExpectedError);
        return calibration;
    }

    private static void CheckAgreement(MetricsDocument document, EvaluationResult report)
    {
        Check(document.Images == report.Images, $"images is {document.Images}, the classes hold {report.Images}");
        Check(document.Undefined == report.Undefined, $"undefined is {document.Undefined}, the counts give {report.Undefined}");
        CheckShare("accuracy", document.Accuracy, report.Accuracy);
        if (document.BalancedAccuracy is { } balanced)
        {
            CheckShare("balanced_accuracy", balanced, report.BalancedAccuracy);
        }

        CheckShare("macro_f1", document.MacroF1, report.MacroF1);
        for (int label = 0; label < report.Classes.Count; label++)
        {
            MetricsClass found = document.Classes[label];
            ClassMetrics expected = report.Classes[label];
            Check(found.Correct == expected.Correct, $"classes[{label}].correct is {found.Correct}, the matrix gives {expected.Correct}");
            CheckShare($"classes[{label}].accuracy", found.Accuracy, expected.Accuracy);
            CheckShare($"classes[{label}].precision", found.Precision, expected.Precision);
            CheckShare($"classes[{label}].recall", found.Recall, expected.Recall);
            CheckShare($"classes[{label}].f1", found.F1, expected.F1);
        }
    }

    private static void CheckShare(string name, double found, double expected) =>
        Check(Math.Abs(found - expected) <= ShareTolerance, $"{name} is {found}, the counts give {expected}");

    private static void Check(bool holds, FormattableString problem)
    {
        if (!holds)
        {
            throw new FormatException(problem.ToString(CultureInfo.InvariantCulture));
        }
    }
}
