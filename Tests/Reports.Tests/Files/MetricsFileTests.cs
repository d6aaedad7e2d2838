using System.Text.Json;
using System.Text.Json.Nodes;
using MLClassify.Evaluation;
using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToJson_HealthyReport_HasExactlyTheDesignsNames()
    {
        using var json = JsonDocument.Parse(MetricsFile.ToJson(TwoClasses()));

        Assert.Equal(
            ["accuracy", "top5_accuracy", "loss", "macro_f1", "images", "accuracy_interval", "balanced_accuracy", "calibration", "classes", "confusion_matrix"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["name", "images", "correct", "accuracy", "precision", "recall", "f1"],
            json.RootElement.GetProperty("classes")[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void ToJson_HandComputedReport_HasItsValues()
    {
        JsonNode json = JsonNode.Parse(MetricsFile.ToJson(TwoClasses()))!;

        Assert.Equal(0.75, (double)json["accuracy"]!);
        Assert.Equal(1, (double)json["top5_accuracy"]!);
        Assert.Equal(4, (long)json["images"]!);
        Assert.Equal("[[2,1],[0,1]]", json["confusion_matrix"]!.ToJsonString());
        Assert.Equal("ants", (string)json["classes"]![0]!["name"]!);
        Assert.Equal(3, (long)json["classes"]![0]!["images"]!);
        Assert.Equal(2, (long)json["classes"]![0]!["correct"]!);
        Assert.Equal(2.0 / 3, (double)json["classes"]![0]!["accuracy"]!);
        Assert.Equal(0.5, (double)json["classes"]![1]!["precision"]!);
        Assert.Equal(2.0 / 3, (double)json["classes"]![1]!["f1"]!);
        Assert.Equal((0.8 + (2.0 / 3)) / 2, (double)json["macro_f1"]!, 1e-15);
    }

    [Fact]
    public void ToJson_Matrix_TakesALineARow()
    {
        string json = MetricsFile.ToJson(TwoClasses());

        Assert.Contains("    [2, 1],\n    [0, 1]\n", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', json);
    }

    [Fact]
    public void ToJson_MarkupInNames_CannotEndAScript()
    {
        var report = new EvaluationAccumulator(["</script>", "Gänseblümchen"]).ToResult();

        string json = MetricsFile.ToJson(report);

        Assert.DoesNotContain('<', json);
        Assert.Contains("Gänseblümchen", json, StringComparison.Ordinal);
    }

    [Fact]
    public void ToJson_UndefinedFigures_AreZeroOrNullNeverNaN()
    {
        var accumulator = new EvaluationAccumulator(["seen", "never"]);
        accumulator.Add(0, [float.NaN, 0]);

        string json = MetricsFile.ToJson(accumulator.ToResult());

        JsonNode root = JsonNode.Parse(json)!;
        Assert.Null(root["loss"]);
        Assert.Equal(1, (long)root["undefined"]!);
        Assert.Equal(0, (double)root["classes"]![1]!["precision"]!);
        Assert.Equal(0, (double)root["classes"]![1]!["f1"]!);
        Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameReport() => Property.Holds(Generators.AnswersOfSickNetworks, answers =>
    {
        EvaluationResult report = answers.Accumulate().ToResult();

        MetricsFile.Write(_folder["metrics.json"], report);
        EvaluationResult read = MetricsFile.Read(_folder["metrics.json"]);

        Assert.Equal(double.IsFinite(report.Loss) ? report.Loss : double.NaN, read.Loss);
        Assert.Equal(report.TopK, read.TopK);
        Assert.Equal(report.TopKAccuracy, read.TopKAccuracy);
        Assert.Equal(report.Undefined, read.Undefined);
        Assert.Equal(report.Classes, read.Classes);
        Assert.Equal(report.MacroF1, read.MacroF1);
        Assert.Equal(report.ConfusionMatrix.ToArray(), read.ConfusionMatrix.ToArray());
        Assert.Equal(MetricsFile.ToJson(report), MetricsFile.ToJson(read));
    });

    [Fact]
    public void Read_NastyNames_ComeBackUnchanged()
    {
        MetricsFile.Write(_folder["metrics.json"], new EvaluationAccumulator(Generators.NastyTexts).ToResult());

        Assert.Equal(Generators.NastyTexts, MetricsFile.Read(_folder["metrics.json"]).ConfusionMatrix.ClassNames);
    }

    [Fact]
    public void Read_OtherK_ComesBackWithoutPretendingToBeFive()
    {
        var accumulator = new EvaluationAccumulator([.. "abcdefgh".Select(c => c.ToString())], topK: 3);
        accumulator.Add(3, [4, 3, 2, 1, 0, 0, 0, 0]);

        string json = MetricsFile.ToJson(accumulator.ToResult());
        EvaluationResult read = MetricsFile.Parse(json, "memory");

        Assert.DoesNotContain("top5_accuracy", json, StringComparison.Ordinal);
        Assert.Equal(3, read.TopK);
        Assert.Equal(0, read.TopKAccuracy);
    }

    [Theory]
    [InlineData("", "metrics")]
    [InlineData("null", "found null, expected an object")]
    [InlineData("[]", "metrics")]
    [InlineData("{}", "accuracy")]
    public void Parse_NoMetrics_NamesTheSource(string json, string expected)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => MetricsFile.Parse(json, "metrics"));

        Assert.StartsWith("metrics: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"accuracy\": 0.75,\n  \"top5", "\"accuracy\": 0.95,\n  \"top5", "accuracy is 0.95, the counts give 0.75")]
    [InlineData("\"images\": 4", "\"images\": 5", "images is 5, the classes hold 4")]
    [InlineData("\"images\": 3", "\"images\": 2", "classes[0].images is 2, its row of the matrix holds 3")]
    [InlineData("\"correct\": 2", "\"correct\": 3", "classes[0].correct is 3, the matrix gives 2")]
    [InlineData("[2, 1]", "[2, 1, 0]", "confusion_matrix[0] has 3 columns, expected 2")]
    [InlineData("[0, 1]", "[0, -1]", "a count is not in 0..")]
    [InlineData("[0, 1]", "[0, 9223372036854775807]", "a count is not in 0..")]
    [InlineData("[0, 1]", "[0, 1e400]", "expected a whole number")]
    [InlineData("[0, 1]", "null", "expected an array of arrays")]
    [InlineData("\"top5_accuracy\": 1", "\"top5_accuracy\": 1.5", "the top-5 accuracy is 1.5, expected a share in 0..1")]
    [InlineData("\"top5_accuracy\": 1", "\"top5_accuracy\": 0.25", "the top-5 accuracy is 0.25, the accuracy is 0.75")]
    [InlineData("\"top5_accuracy\": 1", "\"top_k\": 0, \"top_k_accuracy\": 1", "top_k is 0, expected a positive number")]
    [InlineData("\"loss\": ", "\"loss\": -1, \"x\": ", "loss is -1, expected a number of at least 0 or null")]
    [InlineData("\"loss\": ", "\"loss\": 1e999, \"x\": ", "loss is ")]
    [InlineData("\"name\": \"ants\"", "\"name\": null", "name")]
    [InlineData("\"classes\": [", "\"classes\": [null, ", "confusion_matrix has 2 rows, expected 3")]
    public void Parse_ContradictoryContent_SaysWhatWasFound(string original, string replacement, string expected)
    {
        string json = MetricsFile.ToJson(TwoClasses());
        Assert.Contains(original, json, StringComparison.Ordinal);

        var thrown = Assert.Throws<InvalidDataException>(() => MetricsFile.Parse(json.Replace(original, replacement), "run/metrics.json"));

        Assert.StartsWith("run/metrics.json: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FileOfAnEarlierVersion_HasNoCalibration()
    {
        JsonObject json = JsonNode.Parse(MetricsFile.ToJson(TwoClasses()))!.AsObject();
        json.Remove("calibration");

        EvaluationResult read = MetricsFile.Parse(json.ToJsonString(), "old");

        Assert.Null(read.Calibration);
        Assert.Equal(0.75, read.Accuracy);
        Assert.DoesNotContain("calibration", MetricsFile.ToJson(read), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bins", "null", "bins")]
    [InlineData("bins", "[]", "calibration has 0 bins, expected 1..1000")]
    [InlineData("bins", "[null]", "calibration.bins[0] is null")]
    [InlineData("bins", "[{\"images\": 5, \"correct\": 3, \"confidence\": 0.7}]", "calibration.bins[0].images is 5, the matrix holds 4 in all")]
    [InlineData("bins", "[{\"images\": -1, \"correct\": 0, \"confidence\": 0.7}]", "calibration.bins[0].images is -1")]
    [InlineData("bins", "[{\"images\": 4, \"correct\": 5, \"confidence\": 0.7}]", "calibration.bins[0].correct is 5 of 4 images")]
    [InlineData("bins", "[{\"images\": 4, \"correct\": 3, \"confidence\": 1.7}]", "calibration.bins[0].confidence is 1.7, expected 0..1")]
    [InlineData("bins", "[{\"images\": 3, \"correct\": 3, \"confidence\": 0.7}]", "calibration holds 3 images, the matrix holds 4")]
    [InlineData("bins", "[{\"images\": 4, \"correct\": 2, \"confidence\": 0.7}]", "calibration holds 2 correct images, the matrix holds 3")]
    [InlineData("expected_error", "0.5", "calibration.expected_error is 0.5, the counts give")]
    public void Parse_ContradictoryCalibration_SaysWhatWasFound(string name, string value, string expected)
    {
        JsonNode json = JsonNode.Parse(MetricsFile.ToJson(TwoClasses()))!;
        json["calibration"]![name] = JsonNode.Parse(value);

        var thrown = Assert.Throws<InvalidDataException>(() => MetricsFile.Parse(json.ToJsonString(), "metrics"));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NullClass_IsRefused()
    {
        const string json = """
            {"accuracy": 0, "top5_accuracy": 0, "loss": null, "macro_f1": 0, "images": 0, "classes": [null], "confusion_matrix": [[0]]}
            """;

        Assert.Contains("classes[0] is null", Assert.Throws<InvalidDataException>(() => MetricsFile.Parse(json, "x")).Message, StringComparison.Ordinal);
    }

    private static EvaluationResult TwoClasses()
    {
        var accumulator = new EvaluationAccumulator(["ants", "bees"]);
        accumulator.Add(0, [2, 1]);
        accumulator.Add(0, [2, 1]);
        accumulator.Add(0, [1, 2]);
        accumulator.Add(1, [1, 2]);
        return accumulator.ToResult();
    }
}
