using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using MLClassify.Common;

namespace MLClassify.Reports;

/// <summary>
/// <c>metrics.json</c>: <c>accuracy</c>, <c>accuracy_interval</c> (its 95 % interval, two numbers), <c>balanced_accuracy</c>, <c>top5_accuracy</c>, <c>loss</c>, <c>macro_f1</c>, <c>images</c>,
/// <c>classes: [{name, images, correct, accuracy, precision, recall, f1}]</c>, <c>confusion_matrix</c> (rows true, columns predicted).
/// Shares are in 0..1, undefined ones (0/0) are 0.
/// </summary>
/// <remarks>
/// <para><c>loss</c> is null where it is not finite: JSON has no NaN. It reads back as NaN.</para>
/// <para>
/// Only where they apply: <c>trained_on</c> is the number of images that the model was trained on, <c>undefined</c> is the number of images without a prediction (their row of the matrix is short by them), and
/// <c>top_k</c> with <c>top_k_accuracy</c> stand in for <c>top5_accuracy</c> where another k was asked for.
/// </para>
/// <para>
/// <c>calibration: {expected_error, bins: [{images, correct, confidence}]}</c> counts by confidence, in intervals of equal width from 0 to 1;
/// see <see cref="Calibration"/>. Files of earlier versions have none: it is null then.
/// </para>
/// <para>The matrix is written in full, which suits up to some 5,000 classes (files of at most 256 MiB are read back).</para>
/// </remarks>
public static class MetricsFile
{
    internal const int UsualTopK = 5;
    private const long LargestFile = 256 << 20;

    private static readonly MetricsJsonContext Json = new(new JsonSerializerOptions(MetricsJsonContext.Default.Options)
    {
        // Names in any script stay readable; what could end a script element in an HTML report is still escaped.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });

    /// <summary>Writes the report, without its predictions.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="report">The report.</param>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, EvaluationResult report) => AtomicFile.WriteAllText(path, ToJson(report) + "\n");

    /// <summary>The report as JSON text, for a console that was asked for JSON.</summary>
    public static string ToJson(EvaluationResult report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool isUsual = report.TopK == Math.Min(UsualTopK, report.Classes.Count);
        var document = new MetricsDocument
        {
            Accuracy = report.Accuracy,
            AccuracyInterval = [report.AccuracyInterval.Low, report.AccuracyInterval.High],
            BalancedAccuracy = report.BalancedAccuracy,
            Top5Accuracy = isUsual ? report.TopKAccuracy : null,
            TopK = isUsual ? null : report.TopK,
            TopKAccuracy = isUsual ? null : report.TopKAccuracy,
            Loss = double.IsFinite(report.Loss) ? report.Loss : null,
            MacroF1 = report.MacroF1,
            Images = report.Images,
            Undefined = report.Undefined,
            TrainedOn = report.TrainedOn,
            Calibration = report.Calibration is { } calibration ? ToCalibration(calibration) : null,
            Classes = [.. report.Classes.Select(ToClass)],
            ConfusionMatrix = ToRows(report.ConfusionMatrix),
        };
        return JsonSerializer.Serialize(document, Json.MetricsDocument);
    }

    /// <summary>Reads a file. All figures are computed anew from its counts, and those in it must agree with them.</summary>
    /// <exception cref="InvalidDataException">The content is bad; the message names the file, what was found and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EvaluationResult Read(string path) => Parse(BoundedText.Read(path, LargestFile), path);

    /// <summary>Reads JSON text; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="InvalidDataException">The content is bad.</exception>
    public static EvaluationResult Parse(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            MetricsDocument document = JsonSerializer.Deserialize(json, Json.MetricsDocument) ?? throw new FormatException("found null, expected an object");
            return MetricsReader.ToResult(document);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
    }

    private static MetricsCalibration ToCalibration(Calibration calibration) => new()
    {
        ExpectedError = calibration.ExpectedError,
        Bins = [.. calibration.Bins.Select(bin => new MetricsCalibrationBin { Images = bin.Images, Correct = bin.Correct, Confidence = bin.Confidence })],
    };

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
            {
                rows[row][column] = matrix[row, column];
            }
        }

        return rows;
    }
}
