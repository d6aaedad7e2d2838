using System.Text.Json;

namespace MLClassify.Reports.Tests.Runs;

public sealed class RunArgumentsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private string File => _root["args.json"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Read_OptionsNotNamed_HaveTheirDefaults()
    {
        System.IO.File.WriteAllText(File, """{ "version": "0.0.1", "options": { "epochs": 3, "schedule": "onecycle" } }""");

        RunArguments read = RunArguments.Read(File);

        Assert.Equal(new FineTuneOptions { Epochs = 3, Schedule = new() { Kind = ScheduleKind.OneCycle } }, read.Options);
    }

    [Fact]
    public void Read_NamesOfVersion01_MeanTheOptionsOfToday()
    {
        System.IO.File.WriteAllText(
            File, """{ "version": "0.1.0", "options": { "unfreeze": "all", "head": "hidden", "plateau_drops": 3, "from": "a.onnx", "keep_classes": true } }""");

        FineTuneOptions read = RunArguments.Read(File).Options;

        Assert.Equal((TrainableLayers.All, Networks.HeadKind.Mlp, 3, "a.onnx", true), (read.TrainableLayers, read.Head.Kind, read.Schedule.MaxRateReductions, read.InitialModel, read.ExtendClasses));
    }

    [Fact]
    public void Read_OptionNotKnown_IsPassedOver()
    {
        System.IO.File.WriteAllText(File, """{ "version": "9.0.0", "options": { "batch_size": 4, "of_the_future": [1, { "a": 2 }] }, "more": true }""");

        Assert.Equal(4, RunArguments.Read(File).Options.BatchSize);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"version\": \"0.0.1\" }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": null }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": [] }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": { \"schedule\": \"sometimes\" } }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": { \"schedule\": 1 } }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": { \"epochs\": 1e99 } }")]
    [InlineData("{ \"version\": \"0.0.1\", \"options\": {} ")]
    public void Read_NotARecord_NamesTheFile(string content)
    {
        System.IO.File.WriteAllText(File, content);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RunArguments.Read(File));

        Assert.StartsWith(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteArguments_EveryKindOfData_IsReadBack()
    {
        using var folder = new ColorImageFolder(perClass: 2);
        ImageDataset images = ImageFolder.Open(folder.Root).Dataset;
        RunFolder run = RunFolder.Create(_root["run"]);
        using JsonDocument list = JsonDocument.Parse("[1, \"two\"]");
        run.WriteArguments(
            new FineTuneOptions(),
            images,
            images,
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["text"] = "<ü>",
                ["whole"] = 3,
                ["long"] = long.MaxValue,
                ["share"] = 0.1,
                ["yes"] = true,
                ["nothing"] = null,
                ["list"] = list.RootElement,
            });

        string text = System.IO.File.ReadAllText(Path.Combine(run.FullPath, "args.json"));
        RunArguments read = RunArguments.Read(Path.Combine(run.FullPath, "args.json"));

        Assert.Contains("\"text\": \"<ü>\"", text, StringComparison.Ordinal);
        Assert.Equal("3", read.Data!["whole"]!.ToString());
        Assert.Equal(long.MaxValue, ((JsonElement)read.Data["long"]!).GetInt64());
        Assert.Equal(0.1, ((JsonElement)read.Data["share"]!).GetDouble());
        Assert.Null(read.Data["nothing"]);
        Assert.Equal(2, ((JsonElement)read.Data["list"]!).GetArrayLength());
    }

    [Fact]
    public void WriteArguments_DataOfAnotherType_Throws()
    {
        RunFolder run = RunFolder.Create(_root["run"]);
        using var folder = new ColorImageFolder(perClass: 2);
        ImageDataset images = ImageFolder.Open(folder.Root).Dataset;
        var data = new Dictionary<string, object?>(StringComparer.Ordinal) { ["when"] = TimeSpan.Zero };

        ArgumentException error = Assert.Throws<ArgumentException>(() => run.WriteArguments(new FineTuneOptions(), images, images, data));

        Assert.Contains("'when'", error.Message, StringComparison.Ordinal);
    }
}
