using System.Text.Json;
using MLClassify.Reports;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>Data as people have them: tables of labels, classes of which nothing can be read, models of other classes than the folder's.</summary>
public sealed class DataProblemTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 10);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task TrainAndEvaluate_Labels_SayClassesGroupsAndParts()
    {
        // The folders' names mean nothing here: red and green are one class.
        string[] lines =
        [
            .. new[] { "red", "green", "blue" }.SelectMany(color => Directory.GetFiles(_images[color]).Order(StringComparer.Ordinal)
                .Select((file, i) => $"{color}/{Path.GetFileName(file)},{(color == "blue" ? "cold" : "warm")},{color}{i / 2},{(i < 2 ? "val" : i < 4 ? "test" : "train")},x")),
        ];
        File.WriteAllLines(_images[".labels.csv"], ["Path,label,group,split,note", .. lines]);

        ToolResult trained = await Tool.Run(Train("--labels", _images[".labels.csv"]));
        Assert.Equal(0, trained.Code);
        Assert.Contains("not used: note", trained.Error, StringComparison.Ordinal);
        Assert.Contains("2 classes, 18 training images, 6 held out", trained.Output, StringComparison.Ordinal);
        Assert.Equal(6, MetricsFile.Read(_images[".runs/colors/test_metrics.json"]).Images);
        Assert.Contains("labels.csv", File.ReadAllText(_images[".runs/colors/args.json"]), StringComparison.Ordinal);

        ToolResult measured = await Tool.Run("evaluate", Model, _images.Root, "--labels", _images[".labels.csv"], "--json");
        Assert.Equal(6, JsonDocument.Parse(measured.Output).RootElement.GetProperty("images").GetInt32());
        ToolResult inspected = await Tool.Run("data", "inspect", _images.Root, "--labels", _images[".labels.csv"]);
        Assert.Contains("train: 18 images, 2 classes", inspected.Output, StringComparison.Ordinal);

        ToolResult twice = await Tool.Run(Train("--labels", _images[".labels.csv"], "--group", "(.)", "--split", "0.2"));
        Assert.Equal(2, twice.Code);
        Assert.Contains("--group: the table in --labels has a column of groups already", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_LabelsWithoutPath_SaysFileLineFoundAndExpected()
    {
        File.WriteAllText(_images[".labels.csv"], "file,label\nred/0.png,red\n");
        ToolResult result = await Tool.Run(Train("--labels", _images[".labels.csv"]));
        Assert.Equal(1, result.Code);
        Assert.Contains("labels.csv, line 1: found the columns 'file', 'label', expected a header with the column path", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FolderAndModelOfOtherClasses_MeasuresTheCommonOnes()
    {
        await Tool.Run(Train());
        Directory.Move(_images["red"], _images["crimson"]);
        ToolResult result = await Tool.Run("evaluate", Model, _images.Root, "--all", "--json");
        Assert.Equal(0, result.Code);
        Assert.Equal(20, JsonDocument.Parse(result.Output).RootElement.GetProperty("images").GetInt32());
        Assert.Contains("10 images are left out, of classes that the model does not know: crimson (10)", result.Error, StringComparison.Ordinal);
        Assert.Contains("the model's classes without images here, of which nothing is measured: red", result.Error, StringComparison.Ordinal);

        // Nothing in common stays an error.
        Directory.Delete(_images["blue"], recursive: true);
        Directory.Delete(_images["green"], recursive: true);
        ToolResult none = await Tool.Run("evaluate", Model, _images.Root, "--all");
        Assert.Equal(1, none.Code);
        Assert.Contains("classes that are not expected: crimson", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ClassThatCannotBeRead_IsLeftOutByName()
    {
        Break("red");
        ToolResult result = await Tool.Run(Train());
        Assert.Equal(0, result.Code);
        Assert.Contains("The class red is left out: none of the 10 images of red can be read; the first is ", result.Error, StringComparison.Ordinal);
        Assert.Contains("2 classes, 16 training images, 4 held out", result.Output, StringComparison.Ordinal);
        using (var classifier = ImageClassifier.Load(Model))
        {
            Assert.Equal(["blue", "green"], classifier.Labels);
        }

        Assert.Equal(10, File.ReadLines(_images[".runs/colors/skipped.csv"]).Count(line => line.Contains("its class is left out", StringComparison.Ordinal)));

        // With the same split the same images are held out.
        ToolResult measured = await Tool.Run("evaluate", Model, _images.Root, "--split", "0.2", "--json");
        Assert.Equal(MetricsFile.Read(_images[".runs/colors/metrics.json"]).Accuracy, JsonDocument.Parse(measured.Output).RootElement.GetProperty("accuracy").GetDouble());

        Break("green");
        ToolResult refused = await Tool.Run(Train());
        Assert.Equal(1, refused.Code);
        Assert.Contains("needs at least two classes with images that can be read; found 1: blue; none of the 10 images of green can be read", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAndEvaluate_HeldOutPartThatCannotBeRead_NamesTheClass()
    {
        foreach (string file in new[] { "red", "green", "blue" }.SelectMany(color => Directory.GetFiles(_images[color])))
        {
            string color = Path.GetFileName(Path.GetDirectoryName(file)!);
            string to = _images[$"parts/{(Path.GetFileName(file)[0] < '3' ? "val" : "train")}/{color}/{Path.GetFileName(file)}"];
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        Break("parts/val/red");
        ToolResult result = await Tool.Run(["train", _images["parts"], .. Train()[2..^2]]);
        const string Problem = "None of the 3 held-out images of red can be read: nothing is measured of this class.";
        Assert.Contains(Problem, result.Error, StringComparison.Ordinal);
        Assert.Contains(Problem, (await Tool.Run("evaluate", Model, _images["parts"])).Error, StringComparison.Ordinal);
        Assert.Contains("val: none of the 3 images of red can be read", (await Tool.Run("data", "inspect", _images["parts"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NearDuplicatesAcrossTheFoldersOwnParts_AreCounted()
    {
        foreach (string color in new[] { "red", "green", "blue" })
        {
            Directory.CreateDirectory(_images[$"parts/train/{color}"]);
            Directory.CreateDirectory(_images[$"parts/val/{color}"]);
            foreach (string file in Directory.GetFiles(_images[color]))
            {
                File.Copy(file, _images[$"parts/train/{color}/{Path.GetFileName(file)}"]);
            }

            File.Copy(_images[$"{color}/0.png"], _images[$"parts/val/{color}/copy.png"]);
        }

        const string Line = "near-duplicates: 3 of the 3 images that are held out show the same as a training image";
        Assert.Contains(Line, (await Tool.Run(["train", _images["parts"], .. Train()[2..^2]])).Output, StringComparison.Ordinal);
        Assert.Contains(Line, (await Tool.Run("data", "inspect", _images["parts"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OneLargeClass_SaysItsShareAndWhichIsNeverPredicted()
    {
        foreach (string color in new[] { "red", "green" })
        {
            foreach (string file in Directory.GetFiles(_images[color]).Where(file => Path.GetFileName(file)[0] > '2'))
            {
                File.Delete(file);
            }
        }

        // So short a training learns the largest class alone.
        ToolResult result = await Tool.Run(Train("--near-duplicates", "ignore", "--lr", "0.0001"));
        Assert.Equal(0, result.Code);
        Assert.Contains(", always \"blue\" 50.0 %", result.Output, StringComparison.Ordinal);
        Assert.Contains("No image is taken for ", result.Output, StringComparison.Ordinal);
    }

    private string Model => _images[".runs/colors/weights/best.safetensors"];

    private string[] Train(params string[] more) =>
    [
        "train", _images.Root, "--out", _images[".runs/colors"], "--overwrite", "--backbone", TinyNetwork.Name, "--weights", "none",
        "--epochs", more.Contains("--lr") ? "1" : "20", .. more.Contains("--lr") ? [] : (string[])["--lr", "0.05"], "--batch-size", "8", .. more.Contains("--labels") ? [] : (string[])["--split", "0.2"], .. more,
    ];

    private void Break(string folder)
    {
        foreach (string file in Directory.GetFiles(_images[folder]))
        {
            File.WriteAllBytes(file, [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
    }
}
