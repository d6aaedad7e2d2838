using System.Text.Json;

namespace MLClassify.Cli.Tests.Commands;

public sealed class WorkflowTests : IDisposable
{
    private readonly ColorImageFolder _pictures = new();

    public void Dispose() => _pictures.Dispose();

    private string[] Train(params string[] more) =>
    [
        "train", _pictures.Root, "--out", _pictures[".runs/colors"], "--backbone", TinyNetwork.Name, "--split-every", "4",
        "--epochs", "20", "--lr", "0.05", "--batch-size", "8", .. more,
    ];

    private string Model => _pictures[".runs/colors/weights/best.safetensors"];

    [Fact]
    public async Task TrainEvaluatePredict_OneAfterTheOther_AgreeWithEachOther()
    {
        ToolResult trained = await Tool.Run(Train());
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Equal(20, trained.OutputLines.Count(l => l.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains("model: ", trained.OutputLines[^1]);

        ToolResult evaluated = await Tool.Run("evaluate", Model, _pictures.Root, "--split-every", "4", "--json", "--out", _pictures[".eval"]);
        Assert.Equal(0, evaluated.Code);
        double accuracy = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble();
        double trainedAccuracy = JsonDocument.Parse(File.ReadAllText(_pictures[".runs/colors/metrics.json"])).RootElement.GetProperty("accuracy").GetDouble();
        Assert.Equal(trainedAccuracy, accuracy);
        Assert.Equal(1, accuracy);
        Assert.True(File.Exists(_pictures[".eval/confusion_matrix.svg"]));

        ToolResult predicted = await Tool.Run("predict", Model, _pictures["red"], "--top", "2");
        Assert.Equal(0, predicted.Code);
        Assert.Equal(8, predicted.OutputLines.Length);
        Assert.All(predicted.OutputLines, l => Assert.Contains(": red ", l));

        ToolResult summary = await Tool.Run("summary", Model);
        Assert.Contains("test_tiny", summary.OutputLines[^1]);
    }

    [Theory]
    [InlineData()]
    [InlineData("--optimizer", "lbfgs")]
    public async Task Train_HeadAlone_IsSolvedAndSaysHow(params string[] more)
    {
        ToolResult trained = await Tool.Run(
            ["train", _pictures.Root, "--out", _pictures[".runs/colors"], "--backbone", TinyNetwork.Name, "--split-every", "4", "--unfreeze", "head", .. more]);

        Assert.Equal(0, trained.Code);
        Assert.Single(trained.OutputLines, l => l.StartsWith("head solved  train ", StringComparison.Ordinal));
        Assert.Single(trained.OutputLines, l => l.StartsWith("head solved: ", StringComparison.Ordinal) && l.Contains("balanced", StringComparison.Ordinal));
        Assert.DoesNotContain("epoch", trained.Output);
        string[] path = File.ReadAllLines(_pictures[".runs/colors/regularization.csv"]);
        Assert.Equal("strength,loss,accuracy,balanced_accuracy,chosen", path[0]);
        Assert.Single(path, l => l.EndsWith(",1", StringComparison.Ordinal));
        Assert.Equal(2, File.ReadAllLines(_pictures[".runs/colors/results.csv"]).Length);
        Assert.Contains("\"optimizer\": \"lbfgs\"", File.ReadAllText(_pictures[".runs/colors/args.json"]));

        ToolResult evaluated = await Tool.Run("evaluate", Model, _pictures.Root, "--split-every", "4", "--json");
        double accuracy = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble();
        Assert.Equal(JsonDocument.Parse(File.ReadAllText(_pictures[".runs/colors/metrics.json"])).RootElement.GetProperty("accuracy").GetDouble(), accuracy);
    }

    [Fact]
    public async Task Train_HiddenHead_IsInTheModelsSummary()
    {
        ToolResult trained = await Tool.Run(
            "train", _pictures.Root, "--out", _pictures[".runs/colors"], "--backbone", "cifar_resnet20", "--image-size", "16", "--split-every", "4",
            "--epochs", "1", "--unfreeze", "head", "--head", "hidden", "--head-width", "24", "--dropout", "0.3");
        Assert.Equal(0, trained.Code);
        ToolResult summary = await Tool.Run("summary", Model);
        Assert.Equal(0, summary.Code);
        Assert.Contains("[1, 1, 24]", Assert.Single(summary.OutputLines, l => l.StartsWith("linear.0 ", StringComparison.Ordinal)));
        Assert.Contains("1,560", Assert.Single(summary.OutputLines, l => l.StartsWith("linear.0 ", StringComparison.Ordinal)));
        Assert.Single(summary.OutputLines, l => l.StartsWith("linear.2 ", StringComparison.Ordinal) && l.Contains("Dropout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Train_HeadWidthWithoutHiddenHead_SaysSo() => await Fails(2, "HeadWidth needs a hidden Head", Train("--head-width", "24"));

    [Fact]
    public async Task Train_Json_WritesOneObjectALine()
    {
        ToolResult result = await Tool.Run(Train("--json"));
        Assert.Equal(0, result.Code);
        string?[] events = [.. result.OutputLines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString())];
        Assert.Equal<IEnumerable<string?>>(["start", .. Enumerable.Repeat("epoch", 20), "done"], events);
        Assert.Contains("epoch   1/20", result.Error);
    }

    [Fact]
    public async Task Train_Twice_TakesANewFolderWithTheSameWeights()
    {
        await Tool.Run(Train("--threads", "1"));
        await Tool.Run(Train("--threads", "2"));
        Assert.Equal(File.ReadAllBytes(Model), File.ReadAllBytes(_pictures[".runs/colors-2/weights/best.safetensors"]));
    }

    [Fact]
    public async Task Train_Canceled_WritesWhatThereIsAndExits130()
    {
        ToolResult result = await Tool.Run(new CancellationToken(true), Train());
        Assert.Equal(130, result.Code);
        Assert.True(File.Exists(Model));
    }

    [Fact]
    public async Task Train_OneClass_SaysSo()
    {
        Directory.Delete(_pictures["red"], recursive: true);
        Directory.Delete(_pictures["green"], recursive: true);
        await Fails(1, "needs at least two classes", Train());
        Assert.False(Directory.Exists(_pictures[".runs/colors"]));
    }

    [Fact]
    public async Task Train_EmptyFolder_SaysSo()
    {
        using var empty = new ColorImageFolder(classes: 0);
        await Fails(1, "holds no images", "train", empty.Root, "--backbone", TinyNetwork.Name);
    }

    [Fact]
    public async Task Train_DamagedPictures_AreNamedAndTheRestIsTrained()
    {
        byte[] jpeg = File.ReadAllBytes(_pictures["red/1.jpg"]);
        jpeg.AsSpan(jpeg.Length / 3).Clear();
        File.WriteAllBytes(_pictures["red/1.jpg"], jpeg[..8]);
        File.WriteAllText(_pictures["green/text.jpg"], "this is a letter");
        ToolResult result = await Tool.Run(Train());
        Assert.Equal(0, result.Code);
        Assert.StartsWith("warning: 2 files could not be read", Assert.Single(result.ErrorLines));
        string skipped = File.ReadAllText(_pictures[".runs/colors/skipped.csv"]);
        Assert.Contains("1.jpg", skipped);
        Assert.Contains("text.jpg", skipped);
    }

    [Fact]
    public async Task Train_NoWeightsFile_SaysSoAndLeavesNoRun()
    {
        await Fails(1, "missing.safetensors", Train("--weights", _pictures["missing.safetensors"]));
        Assert.False(Directory.Exists(_pictures[".runs/colors"]));
    }

    [Fact]
    public async Task Train_WeightsThatAreNone_SaysSo()
    {
        File.WriteAllText(_pictures["letter.safetensors"], "dear reader, this is a letter");
        await Fails(1, "letter.safetensors", Train("--weights", _pictures["letter.safetensors"]));
    }

    [Fact]
    public async Task Train_WeightsOfAnotherNetwork_SaysSo()
    {
        await Tool.Run(Train());
        await Fails(1, "another network", "train", _pictures.Root, "--out", _pictures[".runs/other"], "--backbone", "squeezenet1_1", "--image-size", "32", "--weights", Model);
    }

    [Fact]
    public async Task Train_OutIsNoRun_SaysSo() =>
        await Fails(1, "is not a run", "train", _pictures.Root, "--backbone", TinyNetwork.Name, "--out", _pictures["red"]);

    [Fact]
    public async Task Train_SplitFolders_UsesThem()
    {
        Directory.CreateDirectory(_pictures["split"]);
        foreach (string part in new[] { "train", "val" })
        {
            foreach (string name in new[] { "red", "blue" })
            {
                Directory.CreateDirectory(_pictures[$"split/{part}/{name}"]);
                foreach (string file in Directory.GetFiles(_pictures[name]).Take(part == "val" ? 2 : 5))
                {
                    File.Copy(file, _pictures[$"split/{part}/{name}/{Path.GetFileName(file)}"]);
                }
            }
        }

        ToolResult result = await Tool.Run("train", _pictures["split"], "--out", _pictures[".runs/split"], "--backbone", TinyNetwork.Name, "--epochs", "1");
        Assert.Equal(0, result.Code);
        Assert.Contains("2 classes, 10 training images, 4 held out", result.OutputLines[0]);
    }

    [Fact]
    public async Task Predict_BadFileAmongGood_PredictsTheRestAndExits1()
    {
        await Tool.Run(Train());
        File.WriteAllText(_pictures["bad.png"], "no image");
        ToolResult result = await Tool.Run("predict", Model, _pictures["bad.png"], _pictures["red/0.png"], "--json");
        Assert.Equal(1, result.Code);
        Assert.Contains("bad.png", Assert.Single(result.ErrorLines));
        JsonElement[] lines = [.. result.OutputLines.Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("label").ValueKind);
        Assert.Equal("red", lines[1].GetProperty("label").GetString());
        Assert.Equal(3, lines[1].GetProperty("top").GetArrayLength());
    }

    [Fact]
    public async Task Predict_Csv_WritesARowAFile()
    {
        await Tool.Run(Train());
        ToolResult result = await Tool.Run("predict", Model, _pictures["red/0.png"], _pictures["blue/0.png"], "--top", "2", "--csv", _pictures["p.csv"]);
        Assert.Equal(0, result.Code);
        string[] lines = File.ReadAllLines(_pictures["p.csv"]);
        Assert.Equal("path,label,score,label_2,score_2,error", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Contains(",red,", lines[1]);
    }

    [Fact]
    public async Task Predict_NoSuchFile_SaysSo()
    {
        await Tool.Run(Train());
        await Fails(1, "there is no file or folder nowhere.png", "predict", Model, "nowhere.png");
    }

    [Fact]
    public async Task Predict_ModelIsAPicture_SaysSo() => await Fails(1, "0.png", "predict", _pictures["red/0.png"], _pictures["red/0.png"]);

    [Fact]
    public async Task Evaluate_BareWeights_TakesClassNamesFromTheFolder()
    {
        await Tool.Run(Train());
        ToolResult result = await Tool.Run("evaluate", "--backbone", TinyNetwork.Name, "--weights", Model, _pictures.Root, "--json");
        Assert.Equal(0, result.Code);
        Assert.Equal(24, JsonDocument.Parse(result.Output).RootElement.GetProperty("images").GetInt32());
    }

    [Fact]
    public async Task DataInspect_Folder_CountsAndNamesWhatCannotBeUsed()
    {
        File.WriteAllText(_pictures["green/text.jpg"], "this is a letter");
        File.WriteAllText(_pictures["green/notes.txt"], "not an image");
        ToolResult result = await Tool.Run("data", "inspect", _pictures.Root);
        Assert.Equal(0, result.Code);
        Assert.Contains("all: 25 images, 3 classes", result.Output);
        Assert.Contains("       9  green", result.Output);
        Assert.Contains("unreadable: 1 files", result.Output);
        Assert.Contains("notes.txt: not an image", result.Output);
    }

    [Fact]
    public async Task Demo_FewPictures_GoesThroughEverything()
    {
        ToolResult result = await Tool.Run("demo", "--images", "6", "--out", _pictures[".runs/demo"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("painted 30 flowers of 5 kinds", result.Output);
        Assert.Contains("confusion matrix", result.Output);
        Assert.Contains("mlclassify predict", result.Output);
        Assert.True(File.Exists(_pictures[".runs/demo/weights/best.safetensors"]));
    }

    private static async Task Fails(int code, string expected, params string[] args)
    {
        ToolResult result = await Tool.Run(args);
        Assert.Equal(code, result.Code);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith("error: ", line);
        Assert.Contains(expected, line);
    }
}
