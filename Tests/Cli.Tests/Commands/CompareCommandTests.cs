using System.Text.Json;
using System.Text.RegularExpressions;
using MLClassify.Cli.Output;

namespace MLClassify.Cli.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task TrainCompareEvaluate_TwoRuns_AgreeWithEachOther()
    {
        File.WriteAllText(_images["red/<b>bad.jpg"], "no image");
        await Train("slow", "0.0001");
        ToolResult trained = await Train("quick", "0.05");
        Assert.Contains(trained.OutputLines, line => line.StartsWith("report: ", StringComparison.Ordinal));
        CheckPage(File.ReadAllText(_images[".runs/quick/report.html"]));

        ToolResult compared = await Tool.Run("compare", _images[".runs/slow"], _images[".runs/quick"], "--out", _images[".runs/compare.html"]);
        Assert.Equal(0, compared.Code);
        Assert.StartsWith("warning: 2 runs cannot be told apart by these 6 images", Assert.Single(compared.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("learning_rate", compared.OutputLines[0], StringComparison.Ordinal);
        Assert.StartsWith("quick", compared.OutputLines[1], StringComparison.Ordinal);
        Assert.StartsWith("slow", compared.OutputLines[2], StringComparison.Ordinal);
        Assert.Contains("<html", File.ReadAllText(_images[".runs/compare.html"]), StringComparison.Ordinal);

        string good = _images[".runs/quick/weights/best.safetensors"];
        string other = _images[".runs/slow/weights/best.safetensors"];
        ToolResult evaluated = await Tool.Run("evaluate", other, good, _images.Root, "--split-every", "4", "--out", _images[".eval"]);
        Assert.Equal(0, evaluated.Code);
        Assert.StartsWith("slow-best ", evaluated.OutputLines[1], StringComparison.Ordinal);
        Assert.StartsWith("quick-best ", evaluated.OutputLines[2], StringComparison.Ordinal);
        Assert.Equal("best: quick-best, 100.0 % (95 % interval 61.0 to 100.0 %); the best of 2, by the same images, is in part the luckiest", evaluated.OutputLines[3]);
        Assert.True(File.Exists(_images[".eval/slow-best/metrics.json"]));
        string page = File.ReadAllText(_images[".eval/quick-best/report.html"]);
        Assert.Contains("mlclassify evaluate", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"curves\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OneBadModelAmongSeveral_MeasuresTheRestAndExits1()
    {
        await Train("quick", "0.05");
        File.WriteAllText(_images["letter.safetensors"], "dear reader");
        string good = _images[".runs/quick/weights/best.safetensors"];
        string last = _images[".runs/quick/weights/last.safetensors"];

        ToolResult result = await Tool.Run("evaluate", _images["letter.safetensors"], good, _images["missing.onnx"], last, _images.Root, "--split-every", "4", "--json");

        Assert.Equal(1, result.Code);
        JsonElement[] lines = [.. result.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, lines.Length);
        Assert.Contains("letter.safetensors", lines[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, lines[1].GetProperty("accuracy").GetDouble());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("error").ValueKind);
        Assert.Contains("missing.onnx", lines[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(lines[3].GetProperty("calibration_error").GetDouble() >= 0);
        Assert.Equal(2, result.ErrorLines.Count(line => line.StartsWith("error: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Compare_OneFolderIsNoRun_ComparesTheRestAndExits1()
    {
        await Train("quick", "0.05");

        ToolResult result = await Tool.Run("compare", _images[".runs/quick"], _images["red"], "--json");

        Assert.Equal(1, result.Code);
        Assert.Contains("it has no args.json", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        JsonElement line = JsonDocument.Parse(Assert.Single(result.OutputLines)).RootElement;
        Assert.Equal("quick", line.GetProperty("name").GetString());
        Assert.Equal(1, line.GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public async Task Compare_OneRun_IsWrongUsage()
    {
        ToolResult result = await Tool.Run("compare", _images.Root);

        Assert.Equal(2, result.Code);
        Assert.Contains("two runs or more", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain-word/of.path", "plain-word/of.path")]
    [InlineData("", "''")]
    [InlineData("my images", "'my images'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm -rf)", "'$(rm -rf)'")]
    public void Quote_Word_IsOneWordForAShell(string word, string expected) => Assert.Equal(expected, ShellText.Quote(word));

    private static void CheckPage(string page)
    {
        Assert.Contains("mlclassify train ", page, StringComparison.Ordinal);
        Assert.Contains("--lr 0.05", page, StringComparison.Ordinal);
        Assert.Contains("images/s", page, StringComparison.Ordinal);
        Assert.Contains("one in 4 of each class, by name", page, StringComparison.Ordinal);
        Assert.Contains("red/&lt;b&gt;bad.jpg", page, StringComparison.Ordinal);
        Assert.Contains("data-verdict=", page, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(page, "src=\"data:image/jpeg;base64,"), 1, 24);
        Assert.Single(Regex.Matches(page, "<script"));
    }

    private Task<ToolResult> Train(string name, string rate) => Tool.Run(
        "train", _images.Root, "--out", _images[$".runs/{name}"], "--backbone", TinyNetwork.Name, "--weights", "none", "--split-every", "4", "--epochs", "12",
        "--lr", rate, "--batch-size", "8");
}
