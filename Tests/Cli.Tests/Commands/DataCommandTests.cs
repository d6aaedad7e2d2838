using System.Text.Json;

namespace MLClassify.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 10);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Inspect_GoodFolder_WarnsOfNothing()
    {
        ToolResult result = await Tool.Run("data", "inspect", _images.Root);
        Assert.Equal((0, ""), (result.Code, result.Error));
    }

    [Fact]
    public async Task Inspect_Split_AuditsWhatIsTrainedAndHeldOut()
    {
        // Of each class every fifth file is held out: the first, 0.png, is then in both parts.
        File.Copy(_images["red/0.png"], _images["red/1b.png"]);
        ToolResult result = await Tool.Run("data", "inspect", _images.Root, "--split-every", "5", "--near-duplicates", "ignore");
        Assert.Equal(0, result.Code);
        Assert.Contains("train: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("val: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: 1 image is both trained and validated on: ", result.Error, StringComparison.Ordinal);

        ToolResult together = await Tool.Run("data", "inspect", _images.Root, "--split-every", "5");
        Assert.DoesNotContain("both trained and validated on", together.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Json_ListsTheWarnings()
    {
        File.Copy(_images["red/0.png"], _images["blue/copy.png"]);
        ToolResult result = await Tool.Run("data", "inspect", _images.Root, "--json");
        JsonElement warning = Assert.Single(JsonDocument.Parse(result.Output).RootElement.GetProperty("audit").EnumerateArray());
        Assert.Equal("duplicate_with_other_label", warning.GetProperty("id").GetString());
        Assert.Equal(1, warning.GetProperty("count").GetInt32());
        Assert.Equal(2, warning.GetProperty("items")[0].GetString()!.Split('\t').Length);
        Assert.Equal("", result.Error);
    }
}
