using System.Text.Json.Serialization;

namespace MLClassify.Reports;

/// <summary>The fields of <c>metrics.json</c>, in the order in which they are written.</summary>
internal sealed class MetricsDocument
{
    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    [JsonPropertyName("top5_accuracy")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Top5Accuracy { get; init; }

    [JsonPropertyName("top_k")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK { get; init; }

    [JsonPropertyName("top_k_accuracy")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TopKAccuracy { get; init; }

    [JsonPropertyName("loss")]
    public required double? Loss { get; init; }

    [JsonPropertyName("macro_f1")]
    public required double MacroF1 { get; init; }

    [JsonPropertyName("images")]
    public required long Images { get; init; }

    [JsonPropertyName("accuracy_interval")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? AccuracyInterval { get; init; }

    [JsonPropertyName("balanced_accuracy")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BalancedAccuracy { get; init; }

    [JsonPropertyName("trained_on")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainedOn { get; init; }

    [JsonPropertyName("undefined")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Undefined { get; init; }

    [JsonPropertyName("calibration")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MetricsCalibration? Calibration { get; init; }

    [JsonPropertyName("classes")]
    public required IReadOnlyList<MetricsClass> Classes { get; init; }

    [JsonPropertyName("confusion_matrix")]
    [JsonConverter(typeof(CountRowsConverter))]
    public required long[][] ConfusionMatrix { get; init; }
}

/// <summary>A class in <c>metrics.json</c>.</summary>
internal sealed class MetricsClass
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("images")]
    public required long Images { get; init; }

    [JsonPropertyName("correct")]
    public required long Correct { get; init; }

    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    [JsonPropertyName("precision")]
    public required double Precision { get; init; }

    [JsonPropertyName("recall")]
    public required double Recall { get; init; }

    [JsonPropertyName("f1")]
    public required double F1 { get; init; }
}

/// <summary>The calibration in <c>metrics.json</c>.</summary>
internal sealed class MetricsCalibration
{
    [JsonPropertyName("expected_error")]
    public required double ExpectedError { get; init; }

    [JsonPropertyName("bins")]
    public required IReadOnlyList<MetricsCalibrationBin> Bins { get; init; }
}

/// <summary>An interval of confidence in <c>metrics.json</c>; its ends follow from its place.</summary>
internal sealed class MetricsCalibrationBin
{
    [JsonPropertyName("images")]
    public required long Images { get; init; }

    [JsonPropertyName("correct")]
    public required long Correct { get; init; }

    [JsonPropertyName("confidence")]
    public required double Confidence { get; init; }
}

/// <summary>Serialization without reflection, for trimmed and ahead-of-time compiled programs.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MetricsDocument))]
internal sealed partial class MetricsJsonContext : JsonSerializerContext;
