namespace MLClassify.Cli.Tests.Commands;

public sealed class DistillCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Distill_ThenTrain_WeightsLeadFromOneToTheOther()
    {
        string student = _images[".out.safetensors"];
        ToolResult distilled = await Tool.Run(
            "distill", _images.Root, "--teacher", $"{TinyNetwork.Name}@24={WriteTeacher()}", "--student", TinyNetwork.Name, "--split-every", "4",
            "--epochs", "2", "--views", "2", "--batch-size", "8", "--out", student);
        Assert.Equal((0, ""), (distilled.Code, distilled.Error));
        Assert.StartsWith("test_tiny learns from test_tiny: 18 training images, 6 held out", distilled.OutputLines[0], StringComparison.Ordinal);
        Assert.Equal(2, distilled.OutputLines.Count(l => l.StartsWith("epoch ", StringComparison.Ordinal) && l.Contains("explained", StringComparison.Ordinal)));

        ToolResult trained = await Tool.Run(
            "train", _images.Root, "--backbone", TinyNetwork.Name, "--weights", student, "--epochs", "1", "--out", _images[".runs/x"]);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
    }

    [Theory]
    [InlineData("test_tiny", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny'")]
    [InlineData("test_tiny@big=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny@big=x'")]
    [InlineData("=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got '=x'")]
    public async Task Distill_WrongTeacher_SaysWhatIsExpected(string teacher, string message)
    {
        ToolResult result = await Tool.Run("distill", _images.Root, "--teacher", teacher);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distill_NoTeacher_SaysSo()
    {
        ToolResult result = await Tool.Run("distill", _images.Root);
        Assert.Equal(2, result.Code);
        Assert.Contains("--teacher is empty", result.Error, StringComparison.Ordinal);
    }

    private string WriteTeacher() => SeededWeights.Write(_images[".teacher.safetensors"], TinyNetwork.Name, classes: 3, size: 32, seed: 1);
}
