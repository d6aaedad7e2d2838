namespace MLClassify.Cli.Tests.Commands;

/// <summary>What <c>new</c> writes builds and runs as written, against a package.</summary>
public sealed class GeneratedProjectTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 6);
    private readonly GeneratedProject _project = new();

    private string Folder => _project["Colors"];

    public void Dispose()
    {
        _images.Dispose();
        _project.Dispose();
    }

    [Fact]
    public async Task Project_AsWritten_TrainsPredictsAndKeepsTheBetterModel()
    {
        ToolResult created = await Tool.Run("new", "colors", "--data", _images.Root, "--out", Folder, "--weights", "embedded", "--epochs", "10", "--split-every", "2", "--threads", "1");
        Assert.Equal((0, ""), (created.Code, created.Error));

        // The first training by the file-based program, without the project.
        ToolResult first = await _project.RunAsync("dotnet", Folder, "run", "--file", "retrain.cs");
        Assert.True(first.Code == 0, first.Output + first.Error);
        Assert.Contains("written: ", first.Output, StringComparison.Ordinal);
        byte[] model = File.ReadAllBytes(Path.Combine(Folder, "Colors.safetensors"));

        // A worse one by the project's script, which keeps the old one and says so.
        string configuration = Path.Combine(Folder, "Colors.mlclassify.json");
        File.WriteAllText(configuration, File.ReadAllText(configuration).Replace("\"epochs\": 10", "\"epochs\": 1, \"learning_rate\": 1e-9", StringComparison.Ordinal));
        ToolResult worse = await ScriptAsync();
        Assert.True(worse.Code == 3, worse.Output + worse.Error);
        Assert.Contains("in place: ", worse.Output, StringComparison.Ordinal);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(Folder, "Colors.safetensors")));

        ToolResult predicted = await _project.RunAsync(
            "dotnet", Folder, "run", "--no-build", "--configuration", "Release", "--", _images["red/0.png"], _images["blue/0.png"]);
        Assert.True(predicted.Code == 0, predicted.Output + predicted.Error);
        Assert.Equal([_images["red/0.png"], _images["blue/0.png"]], predicted.OutputLines.Select(line => line.Split(": ")[0]));

        ToolResult forced = await ScriptAsync("--force");
        Assert.True(forced.Code == 0, forced.Output + forced.Error);
        Assert.Equal(model, File.ReadAllBytes(Path.Combine(Folder, "Colors.previous.safetensors")));
        Assert.DoesNotContain("warning", worse.Output + forced.Output, StringComparison.Ordinal);
    }

    private Task<ToolResult> ScriptAsync(params string[] options) => OperatingSystem.IsWindows()
        ? _project.RunAsync("dotnet", Folder, ["run", "--configuration", "Release", "--", "retrain", .. options])
        : _project.RunAsync(Path.Combine(Folder, "retrain.sh"), _project.Root, options);
}
