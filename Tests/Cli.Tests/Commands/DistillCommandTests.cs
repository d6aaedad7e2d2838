using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.Tests.Shared;
using MLClassify.WeightFiles;

namespace MLClassify.Cli.Tests.Commands;

public sealed class DistillCommandTests : IDisposable
{
    private readonly ColourPictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task Distill_ThenTrain_WeightsLeadFromOneToTheOther()
    {
        string student = _pictures[".out.safetensors"];
        ToolResult distilled = await Tool.Run(
            "distill", _pictures.Root, "--teacher", $"{TinyNetwork.Name}@24={WriteTeacher()}", "--student", TinyNetwork.Name, "--split-every", "4",
            "--epochs", "2", "--views", "2", "--batch-size", "8", "--out", student);
        Assert.Equal((0, ""), (distilled.Code, distilled.Error));
        Assert.StartsWith("test_tiny learns from test_tiny: 18 pictures to learn, 6 held out", distilled.OutputLines[0], StringComparison.Ordinal);
        Assert.Equal(2, distilled.OutputLines.Count(l => l.StartsWith("epoch ", StringComparison.Ordinal) && l.Contains("explained", StringComparison.Ordinal)));

        ToolResult trained = await Tool.Run(
            "train", _pictures.Root, "--backbone", TinyNetwork.Name, "--weights", student, "--epochs", "1", "--out", _pictures[".runs/x"]);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
    }

    [Theory]
    [InlineData("test_tiny", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny'")]
    [InlineData("test_tiny@big=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny@big=x'")]
    [InlineData("=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got '=x'")]
    public async Task Distill_WrongTeacher_SaysWhatIsExpected(string teacher, string message)
    {
        ToolResult result = await Tool.Run("distill", _pictures.Root, "--teacher", teacher);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distill_NoTeacher_SaysSo()
    {
        ToolResult result = await Tool.Run("distill", _pictures.Root);
        Assert.Equal(2, result.Code);
        Assert.Contains("Teachers is empty", result.Error, StringComparison.Ordinal);
    }

    private string WriteTeacher()
    {
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(new NetworkOptions { Classes = 3, InputHeight = 32, InputWidth = 32 });
        using var engine = new CpuEngine(1);
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Initialize(1);
        string path = _pictures[".teacher.safetensors"];
        SafetensorsWriter.Write(path, parameters);
        return path;
    }
}
