using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using MLClassify.Datasets;

namespace MLClassify.Evaluation;

/// <summary>
/// <c>metrics.json</c>: <c>accuracy</c>, <c>top5_accuracy</c>, <c>loss</c>, <c>macro_f1</c>, <c>images</c>,
/// <c>classes: [{name, images, correct, accuracy, precision, recall, f1}]</c>, <c>confusion_matrix</c> (rows true, columns predicted).
/// Shares are in 0..1, undefined ones (0/0) are 0.
/// </summary>
/// <remarks>
/// <para><c>loss</c> is null where it is not finite: JSON has no NaN. It reads back as NaN.</para>
/// <para>
/// Only where they apply: <c>undefined</c> is the number of images without a prediction (their row of the matrix is short by them), and
/// <c>top_k</c> with <c>top_k_accuracy</c> stand in for <c>top5_accuracy</c> where another k was asked for.
/// </para>
/// </remarks>
public static class MetricsFile
{
    private const int UsualTopK = 5;
    private const long LargestFile = 256 << 20;

    /// <summary>Stored shares may differ this much from what the counts give: other programs round.</summary>
    private const double ShareTolerance = 1e-4;

    private static readonly MetricsJsonContext Json = new(new JsonSerializerOptions(MetricsJsonContext.Default.Options)
    {
        // Names in any script stay readable; what could end a script element in an HTML report is still escaped.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });

    /// <summary>Writes the report, without its predictions.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="report">The report.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, ClassificationReport report) => AtomicFile.WriteAllText(path, ToJson(report) + "\n");

    /// <summary>The report as JSON text, for a console that was asked for JSON.</summary>
    public static string ToJson(ClassificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool isUsual = report.TopK == Math.Min(UsualTopK, report.Classes.Count);
        var document = new MetricsDocument
        {
            Accuracy = report.Accuracy,
            Top5Accuracy = isUsual ? report.TopKAccuracy : null,
            TopK = isUsual ? null : report.TopK,
            TopKAccuracy = isUsual ? null : report.TopKAccuracy,
            Loss = double.IsFinite(report.Loss) ? report.Loss : null,
            MacroF1 = report.MacroF1,
            Images = report.Images,
            Undefined = report.Undefined,
            Classes = [.. report.Classes.Select(ToClass)],
            ConfusionMatrix = ToRows(report.ConfusionMatrix),
        };
        return JsonSerializer.Serialize(document, Json.MetricsDocument);
    }

    /// <summary>Reads a file. All figures are computed anew from its counts, and those in it must agree with them.</summary>
    /// <exception cref="InvalidDataException">The content is bad; the message names the file, what was found and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClassificationReport Read(string path) => Parse(BoundedText.Read(path, LargestFile), path);

    /// <summary>Reads JSON text; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="InvalidDataException">The content is bad.</exception>
    public static ClassificationReport Parse(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            MetricsDocument document = JsonSerializer.Deserialize(json, Json.MetricsDocument) ?? throw new FormatException("found null, expected an object");
            return ToReport(document);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }

    private static MetricsClass ToClass(ClassMetrics metrics) => new()
    {
        Name = metrics.Name,
        Images = metrics.Images,
        Correct = metrics.Correct,
        Accuracy = metrics.Accuracy,
        Precision = metrics.Precision,
        Recall = metrics.Recall,
        F1 = metrics.F1,
    };

    private static long[][] ToRows(ConfusionMatrix matrix)
    {
        long[][] rows = new long[matrix.Classes][];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = new long[rows.Length];
            for (int column = 0; column < rows.Length; column++)
                rows[row][column] = matrix[row, column];
        }

        return rows;
    }

    private static ClassificationReport ToReport(MetricsDocument document)
    {
        ConfusionMatrix matrix = ToMatrix(document);
        long[] undefined = new long[matrix.Classes];
        for (int label = 0; label < undefined.Length; label++)
        {
            long counted = matrix.RowTotal(label);
            undefined[label] = document.Classes[label].Images - counted;
            Check(undefined[label] >= 0, $"classes[{label}].images is {document.Classes[label].Images}, its row of the matrix holds {counted}");
        }

        int topK = document.TopK ?? UsualTopK;
        Check(topK > 0, $"top_k is {topK}, expected a positive number");
        double? topKAccuracy = document.TopK is null ? document.Top5Accuracy : document.TopKAccuracy;
        Check(topKAccuracy is >= 0 and <= 1, $"the top-{topK} accuracy is {topKAccuracy}, expected a share in 0..1");
        double loss = document.Loss ?? double.NaN;
        Check(document.Loss is null || (double.IsFinite(loss) && loss >= 0), $"loss is {loss}, expected a number of at least 0 or null");

        var report = new ClassificationReport(matrix, undefined, Math.Min(topK, matrix.Classes), topKAccuracy.GetValueOrDefault(), loss, []);
        CheckAgreement(document, report);
        return report;
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
                counts[row, column] = rows[row][column];
        }

        return new ConfusionMatrix([.. document.Classes.Select(item => item.Name)], counts);
    }

    private static void CheckAgreement(MetricsDocument document, ClassificationReport report)
    {
        Check(document.Images == report.Images, $"images is {document.Images}, the classes hold {report.Images}");
        Check(document.Undefined == report.Undefined, $"undefined is {document.Undefined}, the counts give {report.Undefined}");
        CheckShare("accuracy", document.Accuracy, report.Accuracy);
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
            throw new FormatException(problem.ToString(CultureInfo.InvariantCulture));
    }
}
