using System.Text.Json;
using MLClassify.Imaging;

namespace MLClassify.Cli.Tests.Commands;

public sealed class ExplainCommandTests : IAsyncLifetime, IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 4);

    private string Model => _images[".run/weights/best.safetensors"];

    public async Task InitializeAsync()
    {
        ToolResult trained = await Tool.Run(
            "train", _images.Root, "--out", _images[".run"], "--backbone", TinyNetwork.Name, "--weights", "none", "--split-every", "4", "--epochs", "20", "--lr", "0.05", "--batch-size", "4");
        Assert.Equal(0, trained.Code);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Explain_OneImage_WritesItsSizeAndPrintsTheClass()
    {
        string file = _images[".out/new/red.png"];
        ToolResult result = await Tool.Run("explain", Model, _images["red/0.png"], "--out", file);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith($"{_images["red/0.png"]}: red ", Assert.Single(result.OutputLines), StringComparison.Ordinal);
        Assert.EndsWith($" %: {file}", result.OutputLines[0], StringComparison.Ordinal);
        Image drawn = Image.Load(file);
        Image image = Image.Load(_images["red/0.png"]);
        Assert.Equal((image.Width, image.Height), (drawn.Width, drawn.Height));
    }

    [Fact]
    public async Task Explain_NamedClass_SaysWhatWasPredicted()
    {
        ToolResult result = await Tool.Run("explain", Model, _images["red/0.png"], "--class", "green", "--out", _images[".out.jpg"]);
        Assert.Equal(0, result.Code);
        Assert.Contains(": green ", result.Output, StringComparison.Ordinal);
        Assert.Contains(" (predicted red ", result.Output, StringComparison.Ordinal);
        Assert.Equal(ImageFormat.Jpeg, ImageFormats.Detect(File.ReadAllBytes(_images[".out.jpg"])));
    }

    [Fact]
    public async Task Explain_Folder_WritesOneFileEachAndNoneOfItsOwn()
    {
        string folder = _images["explained"];
        string[] arguments = ["explain", Model, _images.Root, _images["red/0.png"], "--out", folder];
        ToolResult result = await Tool.Run(arguments);
        Assert.Equal(0, result.Code);
        Assert.Equal(13, result.OutputLines.Length);
        string[] written = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
        Assert.Equal(13, written.Length);
        Assert.Contains("0.explain.png", written);
        Assert.Contains(Path.Combine("green", "3.explain.png"), written);

        // What the first call left below the folder is not explained in turn.
        Assert.Equal(13, (await Tool.Run(arguments)).OutputLines.Length);
    }

    [Fact]
    public async Task Explain_SameNames_AreNumbered()
    {
        string folder = _images[".out"];
        ToolResult result = await Tool.Run("explain", Model, _images["red/0.png"], _images["blue/0.png"], "--out", folder);
        Assert.Equal(0, result.Code);
        Assert.Equal(["0-2.explain.png", "0.explain.png"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Explain_Json_HasTheMap()
    {
        ToolResult result = await Tool.Run("explain", Model, _images["blue/1.jpg"], "--out", _images[".out.png"], "--json");
        JsonElement line = JsonDocument.Parse(Assert.Single(result.OutputLines)).RootElement;
        Assert.Equal("blue", line.GetProperty("label").GetString());
        Assert.Equal("blue", line.GetProperty("predicted_label").GetString());
        Assert.Equal("stage2.relu", line.GetProperty("layer").GetString());
        Assert.Equal(8, line.GetProperty("map").GetArrayLength());
        Assert.Equal(8, line.GetProperty("map")[0].GetArrayLength());
        Assert.Equal(line.GetProperty("is_empty").GetBoolean(), line.GetProperty("peak").GetDouble() == 0);
        Assert.True(line.GetProperty("seen").GetProperty("width").GetDouble() > 0);
    }

    [Fact]
    public async Task Explain_ImageThatCannotBeRead_IsNamedAndTheOthersDone()
    {
        File.WriteAllText(_images["green/letter.png"], "dear reader");
        ToolResult result = await Tool.Run("explain", Model, _images["green"], "--out", _images[".out"], "--json");
        Assert.Equal(1, result.Code);
        Assert.Contains("letter.png", Assert.Single(result.ErrorLines, l => l.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(5, result.OutputLines.Length);
        Assert.Single(result.OutputLines, l => JsonDocument.Parse(l).RootElement.TryGetProperty("error", out _));
        Assert.Equal(4, Directory.GetFiles(_images[".out"]).Length);
    }

    [Fact]
    public async Task Explain_WrongUse_SaysSo()
    {
        string red = _images["red/0.png"];
        await Fails("--class: there is no 'mauve'; the classes are blue, green, red", red, "--class", "mauve");
        await Fails("--alpha: expected a number from 0 to 1, got 1.5", red, "--alpha", "1.5");
        await Fails("--out: expected a .png or .jpg file", red, "--out", _images["x.gif"]);
        await Fails("--out: several images need a folder", red, _images["blue/0.png"], "--out", _images["x.png"]);
        await Fails("would replace the image", red, "--out", red);
    }

    private async Task Fails(string expected, params string[] arguments)
    {
        ToolResult result = await Tool.Run(["explain", Model, .. arguments]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
