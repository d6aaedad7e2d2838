using System.Globalization;
using System.Text.Json;

namespace MLClassify.Cli.Tests.Commands;

public sealed class WorkflowTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    private string[] Train(params string[] more) =>
    [
        "train", _images.Root, "--out", _images[".runs/colors"], "--backbone", TinyNetwork.Name, "--split-every", "4",
        "--epochs", "20", "--lr", "0.05", "--batch-size", "8", .. more.Contains("--weights") ? [] : (string[])["--weights", "none"], .. more,
    ];

    private string Model => _images[".runs/colors/weights/best.safetensors"];

    [Fact]
    public async Task TrainEvaluatePredict_OneAfterTheOther_AgreeWithEachOther()
    {
        ToolResult trained = await Tool.Run(Train());
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Equal(20, trained.OutputLines.Count(l => l.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains("model: ", trained.OutputLines[^1]);

        ToolResult evaluated = await Tool.Run("evaluate", Model, _images.Root, "--split-every", "4", "--json", "--out", _images[".eval"]);
        Assert.Equal(0, evaluated.Code);
        double accuracy = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble();
        double trainedAccuracy = JsonDocument.Parse(File.ReadAllText(_images[".runs/colors/metrics.json"])).RootElement.GetProperty("accuracy").GetDouble();
        Assert.Equal(trainedAccuracy, accuracy);
        Assert.Equal(1, accuracy);
        Assert.True(File.Exists(_images[".eval/confusion_matrix.svg"]));

        ToolResult predicted = await Tool.Run("predict", Model, _images["red"], "--top", "2");
        Assert.Equal(0, predicted.Code);
        Assert.Equal(8, predicted.OutputLines.Length);
        Assert.All(predicted.OutputLines, l => Assert.Contains(": red ", l));

        ToolResult summary = await Tool.Run("summary", Model);
        Assert.Contains("test_tiny", summary.OutputLines[^1]);
    }

    // A figure on images that were trained on is none: what is right after training what is typed first.
    [Fact]
    public async Task Evaluate_TheTrainingFolder_MeasuresWhatWasHeldOut()
    {
        await Tool.Run(Train());
        double heldOut = Metric(File.ReadAllText(_images[".runs/colors/metrics.json"]), "images");

        ToolResult plain = await Tool.Run("evaluate", Model, _images.Root, "--json");
        ToolResult all = await Tool.Run("evaluate", Model, _images.Root, "--json", "--all");
        ToolResult other = await Tool.Run("evaluate", Model, _images.Root, "--json", "--split", "0.5");

        Assert.Equal((0, heldOut, 0), (plain.Code, Metric(plain.Output, "images"), Metric(plain.Output, "trained_on")));
        Assert.Contains(", those of its 24 images that the model was not trained on: ", plain.Error + plain.Output);
        Assert.Equal((24, 24 - heldOut), (Metric(all.Output, "images"), Metric(all.Output, "trained_on")));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{24 - heldOut} of these 24 images were trained on"), all.Error);
        Assert.Contains("of these 12 images were trained on", other.Error);

        static double Metric(string json, string name) => JsonDocument.Parse(json.Trim().Split('\n')[^1] is var last && last.StartsWith('{') ? last : json).RootElement.GetProperty(name).GetDouble();
    }

    [Theory]
    [InlineData()]
    [InlineData("--optimizer", "lbfgs")]
    public async Task Train_HeadAlone_IsSolvedAndSaysHow(params string[] more)
    {
        ToolResult trained = await Tool.Run(
            ["train", _images.Root, "--out", _images[".runs/colors"], "--backbone", TinyNetwork.Name, "--weights", "none", "--split-every", "4", "--unfreeze", "head", .. more]);

        Assert.Equal(0, trained.Code);
        Assert.Single(trained.OutputLines, l => l.StartsWith("head solved  train ", StringComparison.Ordinal));
        Assert.Single(trained.OutputLines, l => l.StartsWith("head solved: ", StringComparison.Ordinal) && l.Contains("balanced", StringComparison.Ordinal));
        Assert.DoesNotContain("epoch", trained.Output);
        string[] path = File.ReadAllLines(_images[".runs/colors/regularization.csv"]);
        Assert.Equal("strength,loss,accuracy,balanced_accuracy,chosen", path[0]);
        Assert.Single(path, l => l.EndsWith(",1", StringComparison.Ordinal));
        Assert.Equal(2, File.ReadAllLines(_images[".runs/colors/results.csv"]).Length);
        Assert.Contains("\"optimizer\": \"lbfgs\"", File.ReadAllText(_images[".runs/colors/args.json"]));

        ToolResult evaluated = await Tool.Run("evaluate", Model, _images.Root, "--split-every", "4", "--json");
        double accuracy = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble();
        Assert.Equal(JsonDocument.Parse(File.ReadAllText(_images[".runs/colors/metrics.json"])).RootElement.GetProperty("accuracy").GetDouble(), accuracy);
    }

    [Fact]
    public async Task Train_HiddenHead_IsInTheModelsSummary()
    {
        ToolResult trained = await Tool.Run(
            "train", _images.Root, "--out", _images[".runs/colors"], "--backbone", "cifar_resnet20", "--weights", "none", "--image-size", "16", "--split-every", "4",
            "--epochs", "1", "--unfreeze", "head", "--head", "hidden", "--head-width", "24", "--dropout", "0.3");
        Assert.Equal(0, trained.Code);
        ToolResult summary = await Tool.Run("summary", Model);
        Assert.Equal(0, summary.Code);
        Assert.Contains("[1, 1, 24]", Assert.Single(summary.OutputLines, l => l.StartsWith("linear.0 ", StringComparison.Ordinal)));
        Assert.Contains("1,560", Assert.Single(summary.OutputLines, l => l.StartsWith("linear.0 ", StringComparison.Ordinal)));
        Assert.Single(summary.OutputLines, l => l.StartsWith("linear.2 ", StringComparison.Ordinal) && l.Contains("Dropout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Train_HeadWidthWithoutHiddenHead_SaysSo() => await Fails(2, "--head-width needs --head hidden", Train("--head-width", "24"));

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
    public async Task Train_Twice_IsRefusedOrReplacesWithTheSameWeights()
    {
        await Tool.Run(Train("--threads", "1"));
        byte[] first = File.ReadAllBytes(Model);

        ToolResult refused = await Tool.Run(Train("--threads", "2"));
        Assert.Equal(1, refused.Code);
        Assert.Contains("holds an earlier run", refused.Error);
        Assert.Contains("--overwrite", refused.Error);

        Assert.Equal(0, (await Tool.Run(Train("--threads", "2", "--overwrite"))).Code);
        Assert.Equal(first, File.ReadAllBytes(Model));
        Assert.Single(Directory.EnumerateDirectories(_images[".runs"]));
    }

    [Fact]
    public async Task Train_CanceledBeforeAnEpoch_WritesNoModelAndExits130()
    {
        ToolResult result = await Tool.Run(new CancellationToken(true), Train());
        Assert.Equal(130, result.Code);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public async Task Train_OneClass_SaysSo()
    {
        Directory.Delete(_images["red"], recursive: true);
        Directory.Delete(_images["green"], recursive: true);
        await Fails(1, "needs at least two classes", Train());
        Assert.False(Directory.Exists(_images[".runs/colors"]));
    }

    [Fact]
    public async Task Train_EmptyFolder_SaysSo()
    {
        using var empty = new ColorImageFolder(classes: 0);
        await Fails(1, "holds no images", "train", empty.Root, "--backbone", TinyNetwork.Name, "--weights", "none");
    }

    [Fact]
    public async Task Train_DamagedImages_AreNamedAndTheRestIsTrained()
    {
        byte[] jpeg = File.ReadAllBytes(_images["red/1.jpg"]);
        jpeg.AsSpan(jpeg.Length / 3).Clear();
        File.WriteAllBytes(_images["red/1.jpg"], jpeg[..8]);
        File.WriteAllText(_images["green/text.jpg"], "this is a letter");
        ToolResult result = await Tool.Run(Train());
        Assert.Equal(0, result.Code);
        Assert.StartsWith("warning: 2 files could not be read", Assert.Single(result.ErrorLines));
        string skipped = File.ReadAllText(_images[".runs/colors/skipped.csv"]);
        Assert.Contains("1.jpg", skipped);
        Assert.Contains("text.jpg", skipped);
    }

    [Fact]
    public async Task Train_NoWeightsFile_SaysSoAndLeavesNoRun()
    {
        await Fails(1, "missing.safetensors", Train("--weights", _images["missing.safetensors"]));
        Assert.False(Directory.Exists(_images[".runs/colors"]));
    }

    [Fact]
    public async Task Train_WeightsThatAreNone_SaysSo()
    {
        File.WriteAllText(_images["letter.safetensors"], "dear reader, this is a letter");
        await Fails(1, "letter.safetensors", Train("--weights", _images["letter.safetensors"]));
    }

    [Fact]
    public async Task Train_WeightsOfAnotherNetwork_SaysSo()
    {
        await Tool.Run(Train());
        await Fails(1, "another network", "train", _images.Root, "--out", _images[".runs/other"], "--backbone", "squeezenet1_1", "--image-size", "32", "--weights", Model);
    }

    [Fact]
    public async Task Train_OutIsNoRun_SaysSo() =>
        await Fails(1, "is not a run", "train", _images.Root, "--backbone", TinyNetwork.Name, "--weights", "none", "--out", _images["red"]);

    [Fact]
    public async Task Train_SplitFolders_UsesThem()
    {
        Directory.CreateDirectory(_images["split"]);
        foreach (string part in new[] { "train", "val" })
        {
            foreach (string name in new[] { "red", "blue" })
            {
                Directory.CreateDirectory(_images[$"split/{part}/{name}"]);
                foreach (string file in Directory.GetFiles(_images[name]).Take(part == "val" ? 2 : 5))
                {
                    File.Copy(file, _images[$"split/{part}/{name}/{Path.GetFileName(file)}"]);
                }
            }
        }

        ToolResult result = await Tool.Run("train", _images["split"], "--out", _images[".runs/split"], "--backbone", TinyNetwork.Name, "--weights", "none", "--epochs", "1");
        Assert.Equal(0, result.Code);
        Assert.Contains("near-duplicates: 4 of the 4 images that are held out show the same as a training image", result.OutputLines[0], StringComparison.Ordinal);
        Assert.Contains("2 classes, 10 training images, 4 held out", result.OutputLines[1]);
    }

    [Fact]
    public async Task Predict_BadFileAmongGood_PredictsTheRestAndExits1()
    {
        await Tool.Run(Train());
        File.WriteAllText(_images["bad.png"], "no image");
        ToolResult result = await Tool.Run("predict", Model, _images["bad.png"], _images["red/0.png"], "--json");
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
        ToolResult result = await Tool.Run("predict", Model, _images["red/0.png"], _images["blue/0.png"], "--top", "2", "--csv", _images["p.csv"]);
        Assert.Equal(0, result.Code);
        string[] lines = File.ReadAllLines(_images["p.csv"]);
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
    public async Task Predict_ModelIsAnImage_SaysSo() => await Fails(1, "0.png", "predict", _images["red/0.png"], _images["red/0.png"]);

    [Fact]
    public async Task Evaluate_BareWeights_TakesClassNamesFromTheFolder()
    {
        await Tool.Run(Train());
        ToolResult result = await Tool.Run("evaluate", "--backbone", TinyNetwork.Name, "--weights", Model, _images.Root, "--json");
        Assert.Equal(0, result.Code);
        Assert.Equal(24, JsonDocument.Parse(result.Output).RootElement.GetProperty("images").GetInt32());
    }

    [Fact]
    public async Task DataInspect_Folder_CountsAndNamesWhatCannotBeUsed()
    {
        File.WriteAllText(_images["green/text.jpg"], "this is a letter");
        File.WriteAllText(_images["green/notes.txt"], "not an image");
        ToolResult result = await Tool.Run("data", "inspect", _images.Root);
        Assert.Equal(0, result.Code);
        Assert.Contains("all: 25 images, 3 classes", result.Output);
        Assert.Contains("       9  green", result.Output);
        Assert.Contains("unreadable: 1 files", result.Output);
        Assert.Contains("notes.txt: not an image", result.Output);
    }

    [Fact]
    public async Task Demo_FewImages_GoesThroughEverything()
    {
        ToolResult result = await Tool.Run("demo", "--images", "6", "--out", _images[".runs/demo"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("painted 30 flowers of 5 kinds", result.Output);
        Assert.Contains("confusion matrix", result.Output);
        Assert.Contains("mlclassify predict", result.Output);
        Assert.True(File.Exists(_images[".runs/demo/weights/best.safetensors"]));
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
