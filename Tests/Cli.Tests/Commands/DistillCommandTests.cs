using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

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

    [Fact]
    public async Task Distill_DeviceThatIsNotThere_IsRefused()
    {
        ToolResult result = await Tool.Run(
            "distill", _images.Root, "--teacher", $"{TinyNetwork.Name}@24={WriteTeacher()}", "--student", TinyNetwork.Name, "--out", _images[".out"], "--device", "cuda:57");

        Assert.Equal(1, result.Code);
        Assert.Contains("device cuda:57", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData($"package:{FakePackage.Id}")]
    [InlineData($"package:{FakePackage.Id}/0.23.1@32")]
    [InlineData($"cifar_resnet20@32=package:{FakePackage.Id}")]
    public async Task Distill_PackageAsTeacher_IsFoundAndNamedWithItsVersion(string teacher)
    {
        var fake = new FakePackage("cifar_resnet20");
        WeightsCacheOptions options = fake.In(_images[".packages"], new WeightsCacheOptions { Folder = _images[".weights"], IsOffline = true });
        fake.Restore(_images[".packages"], "0.23.1");
        string student = _images[".out.safetensors"];

        ToolResult result = await Tool.Run(
            options, "distill", _images.Root, "--teacher", teacher, "--student", TinyNetwork.Name, "--split-every", "4", "--epochs", "1", "--views", "1",
            "--batch-size", "8", "--out", student);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith("test_tiny learns from cifar_resnet20: ", result.OutputLines[0], StringComparison.Ordinal);
        using SafetensorsReader reader = SafetensorsReader.Open(student);
        Assert.Contains($"package:{FakePackage.Id}/0.23.1", reader.Metadata["distillation"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("package:Nobody.Knows.This", 2, "Nobody.Knows.This")]
    [InlineData("cifar_resnet20=none", 2, "--teacher: there is nothing to learn from cifar_resnet20 without weights")]
    [InlineData("cifar_resnet20=missing.safetensors", 1, "There is no weight file 'missing.safetensors'")]
    public async Task Distill_TeacherWithoutWeights_SaysWhyInOneLine(string teacher, int code, string message)
    {
        ToolResult result = await Tool.Run("distill", _images.Root, "--teacher", teacher, "--offline");
        Assert.Equal(code, result.Code);
        Assert.Contains(message, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test_tiny", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny'")]
    [InlineData("test_tiny@big=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'test_tiny@big=x'")]
    [InlineData("=x", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got '=x'")]
    [InlineData("package:Some.Package@big", "--teacher: expected NAME=FILE or NAME@SIZE=FILE, got 'package:Some.Package@big'")]
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
