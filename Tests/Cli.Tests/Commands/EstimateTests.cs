using System.Text.Json;
using MLClassify.Reports;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>Figures that nothing was chosen by: <c>--test</c> and <c>--folds</c>; and what is said of a result that is none.</summary>
public sealed class EstimateTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 8);

    public void Dispose() => _images.Dispose();

    private string[] Train(params string[] more) =>
    [
        "train", _images.Root, "--out", _images[".runs/colors"], "--backbone", TinyNetwork.Name, "--weights", "none",
        "--epochs", "20", "--lr", "0.05", "--batch-size", "8", .. more,
    ];

    [Fact]
    public async Task Train_TestAndFolds_ShowAndWriteBothFigures()
    {
        ToolResult result = await Tool.Run(Train("--test", "0.25", "--folds", "3"));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("cross-validation: 3 folds of 18 images", result.Output, StringComparison.Ordinal);
        Assert.Equal(3, result.OutputLines.Count(line => line.StartsWith("fold ", StringComparison.Ordinal)));
        Assert.Single(result.OutputLines, line => line.StartsWith("cross-validation: ", StringComparison.Ordinal) && line.Contains(" of 18 images (95 % interval ", StringComparison.Ordinal));
        Assert.Single(result.OutputLines, line => line.StartsWith("test: ", StringComparison.Ordinal) && line.Contains(" of 6 images that were set aside (95 % interval ", StringComparison.Ordinal));
        Assert.Equal(6, MetricsFile.Read(_images[".runs/colors/test_metrics.json"]).Images);
        Assert.Equal(18, MetricsFile.Read(_images[".runs/colors/cross_validation.json"]).Images);
        string page = File.ReadAllText(_images[".runs/colors/report.html"]);
        Assert.Contains("test accuracy", page, StringComparison.Ordinal);
        Assert.Contains("cross-validated accuracy", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TestPart_IsNeitherLearnedNorHeldOutForTheChoice()
    {
        await Tool.Run(Train("--test", "0.25"));
        string model = _images[".runs/colors/weights/best.safetensors"];

        (ImageDataset rest, ImageDataset test) = ImageFolder.Open(_images.Root).Split(0.25);
        (ImageDataset train, ImageDataset validation) = rest.Split(0.1);
        TrainingImages seen = ImageClassifier.ReadTrainingImages(model)!;

        Assert.Equal(train.Count, seen.CountIn(train));
        Assert.Equal(0, seen.CountIn(validation) + seen.CountIn(test));
        using ImageClassifier classifier = ImageClassifier.Load(model);
        Assert.Equal(classifier.Evaluate(test).Accuracy, MetricsFile.Read(_images[".runs/colors/test_metrics.json"]).Accuracy);
    }

    [Fact]
    public async Task Train_FolderWithItsOwnTestPart_MeasuresItAtTheEnd()
    {
        using var parts = new ColorImageFolder(perClass: 5);
        foreach (string name in new[] { "red", "green", "blue" })
        {
            string[] files = [.. Directory.GetFiles(parts[name]).Order(StringComparer.Ordinal)];
            for (int i = 0; i < files.Length; i++)
            {
                string part = i < 3 ? "train" : i < 4 ? "val" : "test";
                Directory.CreateDirectory(parts[$"{part}/{name}"]);
                File.Move(files[i], parts[$"{part}/{name}/{Path.GetFileName(files[i])}"]);
            }

            Directory.Delete(parts[name]);
        }

        ToolResult result = await Tool.Run(["train", parts.Root, "--out", parts[".run"], .. Train()[4..]]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("test: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(3, MetricsFile.Read(parts[".run/test_metrics.json"]).Images);

        ToolResult twice = await Tool.Run(["train", parts.Root, "--out", parts[".run2"], "--test", "0.2", .. Train()[4..]]);
        Assert.Equal(2, twice.Code);
        Assert.Contains("has a test part of its own", twice.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--test", "1")]
    [InlineData("--test", "0")]
    [InlineData("--folds", "1")]
    public async Task Train_ValueOutOfRange_IsOneError(string option, string value)
    {
        ToolResult result = await Tool.Run(Train(option, value));
        Assert.Equal(2, result.Code);
        Assert.Contains($"{option} is {value}; it must be", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NothingLearned_IsNotCalledGood()
    {
        ToolResult shown = await Tool.Run(["train", _images.Root, "--out", _images[".runs/bad"], "--backbone", TinyNetwork.Name, "--weights", "none", "--epochs", "8", "--lr", "1e-9", "--val", _images.Root]);

        Assert.Contains("problem: ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("(95 % interval ", shown.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(_images[".runs/bad/report.html"]);
        Assert.Contains("data-verdict=\"near_guessing\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<li class=\"good\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("calibration error</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_TestAndFolds_RankByAllImagesAndMeasureTheBestOnce()
    {
        string folder = _images[".tune"];
        ToolResult result = await Tool.Run(
            ["tune", _images.Root, "--vary", "lr=0.05,0.0001", "--test", "0.25", "--folds", "2", "--out", folder, .. Train()[4..^4], "--batch-size", "8"]);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("the best one's model on 6 test images that no trial saw: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("The best of 2 trials, by the same 18 images, is in part the luckiest", result.Output, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(Path.Combine(folder, "tune.csv"));
        Assert.All(rows[1..], row => Assert.EndsWith(",18", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tune_Json_EndsWithTheBestAndItsInterval()
    {
        ToolResult result = await Tool.Run(
            ["tune", _images.Root, "--vary", "lr=0.05,0.0001", "--test", "0.25", "--json", "--out", _images[".tune"], .. Train()[4..^4], "--batch-size", "8"]);

        JsonElement best = JsonDocument.Parse(result.OutputLines[^1]).RootElement;
        Assert.Equal("best", best.GetProperty("event").GetString());
        Assert.Equal(6, best.GetProperty("test_images").GetInt32());
        Assert.InRange(best.GetProperty("accuracy").GetDouble(), best.GetProperty("accuracy_low").GetDouble(), best.GetProperty("accuracy_high").GetDouble());
    }
}
