using MLClassify.Evaluation;

namespace MLClassify.Reports.Tests;

public sealed class ReportFolderTests
{
    [Fact]
    public void Write_NewFolder_HoldsTheDesignsFilesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var accumulator = new EvaluationAccumulator(["a", "b"]);
        accumulator.Add(0, [1, 0], "a/1.jpg");

        ReportFolder.Write(folder["runs/x"], accumulator.ToResult(), [("a/2.jpg", "PNG at byte 12: no header")]);

        Assert.Equal(
            ["confusion_matrix.csv", "confusion_matrix.svg", "metrics.json", "predictions.csv", "skipped.csv"],
            Directory.GetFiles(folder["runs/x"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(1, MetricsFile.Read(folder["runs/x/metrics.json"]).Accuracy);
        Assert.Equal("path,reason\na/2.jpg,PNG at byte 12: no header\n", File.ReadAllText(folder["runs/x/skipped.csv"]));
    }
}
