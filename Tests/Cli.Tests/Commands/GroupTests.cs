using System.Globalization;
using System.Text.Json;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Cli.Tests.Commands;

/// <summary>Images of one thing on one side of a split: 120 photos, five crops each, a label at random for each photo. Half of it can be right.</summary>
public sealed class GroupTests : IDisposable
{
    private const int Photos = 120;
    private const int Crops = 5;
    private readonly TemporaryFolder _folder = new();

    public GroupTests()
    {
        var random = new Random(5);
        for (int photo = 0; photo < Photos; photo++)
        {
            Image whole = PaintedPhotos.Paint(96, 96, photo);
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Root, "data", random.Next(2) == 0 ? "even" : "odd")).FullName;
            for (int crop = 0; crop < Crops; crop++)
            {
                ImageEncoder.Save(Path.Combine(folder, FormattableString.Invariant($"{crop}_patient{photo}.png")), PaintedPhotos.Crop(whole, 0.85, (photo * Crops) + crop));
            }
        }
    }

    private string Data => Path.Combine(_folder.Root, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_CropsOfPhotosWithLabelsAtRandom_AreChanceInGroupsAndByDefault()
    {
        ToolResult torn = await Train("torn", "--near-duplicates", "ignore");
        ToolResult grouped = await Train("grouped", "--near-duplicates", "ignore", "--group", @"patient(\d+)");
        ToolResult found = await Train("found");

        Assert.Contains("120 groups of 600 images are kept together", grouped.Output, StringComparison.Ordinal);
        Assert.Contains(found.OutputLines.Take(3), line => line.StartsWith("near-duplicates: ", StringComparison.Ordinal));
        Assert.InRange(Accuracy("torn"), 0.8, 1);
        Assert.InRange(Accuracy("grouped"), 0.3, 0.65);
        Assert.InRange(Accuracy("found"), 0.3, 0.65);
        Assert.Equal((0, 0, 0), (torn.Code, grouped.Code, found.Code));
    }

    [Fact]
    public async Task Evaluate_SplitInGroups_FindsTheSameImages()
    {
        await Train("run", "--near-duplicates", "ignore", "--group", @"patient(\d+)");
        string model = Path.Combine(_folder.Root, "run", "weights", "best.safetensors");
        ToolResult result = await Tool.Run("evaluate", model, Data, "--split", "0.25", "--near-duplicates", "ignore", "--group", @"patient(\d+)", "--json");
        using var metrics = JsonDocument.Parse(result.Output);
        Assert.Equal(Accuracy("run"), metrics.RootElement.GetProperty("accuracy").GetDouble());
        string arguments = File.ReadAllText(Path.Combine(_folder.Root, "run", "args.json"));
        Assert.Contains("\"near_duplicates\": \"ignore\"", arguments, StringComparison.Ordinal);
        Assert.Contains("patient", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Crops_AreNamed()
    {
        ToolResult result = await Tool.Run("data", "inspect", Data);
        Assert.Contains("same photo: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("groups of ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patient", "expected 'folder' or a regular expression with one group in parentheses")]
    [InlineData("(", "--group: ")]
    [InlineData("(nobody)", "no file's name fits '(nobody)'")]
    [InlineData("folder", "no images in folders below a class's")]
    public async Task Inspect_BadRule_SaysWhatIsExpected(string rule, string problem)
    {
        ToolResult result = await Tool.Run("data", "inspect", Data, "--group", rule, "--near-duplicates", "ignore");
        Assert.NotEqual(0, result.Code);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Folder_GroupsWhatLiesBelowTheClass()
    {
        using var folder = new ColorImageFolder(perClass: 10);
        foreach (string file in Directory.GetFiles(folder["red"]))
        {
            string below = Directory.CreateDirectory(Path.Combine(folder["red"], "day" + (Path.GetFileNameWithoutExtension(file)[0] % 2).ToString(CultureInfo.InvariantCulture))).FullName;
            File.Move(file, Path.Combine(below, Path.GetFileName(file)));
        }

        ToolResult result = await Tool.Run("data", "inspect", folder.Root, "--group", "folder");
        Assert.Contains("--group: 20 of 30 images are in no group", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 groups of 10 images are kept together", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAndEvaluate_ClassesByPath_AreTheInnerFolders()
    {
        string[] inner = ["plant/daisy", "plant/rose", "vehicle/car"];
        using var folder = new ColorImageFolder(perClass: 10);
        string data = Path.Combine(_folder.Root, "nested");
        foreach ((string name, string color) in inner.Zip(["red", "green", "blue"]))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(data, name))!);
            Directory.Move(folder[color], Path.Combine(data, name));
        }

        ToolResult top = await Tool.Run("data", "inspect", data);
        Assert.Contains("--classes leaf or path", top.Output, StringComparison.Ordinal);
        ToolResult trained = await Tool.Run("train", data, "--classes", "path", "--weights", "embedded", "--split", "0.2", "--out", Path.Combine(_folder.Root, "paths"));
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        string model = Path.Combine(_folder.Root, "paths", "weights", "best.safetensors");
        using var classifier = ImageClassifier.Load(model);
        Assert.Equal(inner, classifier.Labels);
        Assert.Equal(0, (await Tool.Run("evaluate", model, data, "--classes", "path")).Code);
    }

    private double Accuracy(string run) => Reports.MetricsFile.Read(Path.Combine(_folder.Root, run, "metrics.json")).Accuracy;

    private Task<ToolResult> Train(string run, params string[] more) => Tool.Run(
    [
        "train", Data, "--out", Path.Combine(_folder.Root, run), "--split", "0.25", "--weights", "embedded", .. more,
    ]);
}
