namespace MLClassify.Cli.Tests.Commands;

/// <summary>ONNX files wherever a model file goes.</summary>
public sealed class OnnxWorkflowTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    private static string Golden(string name) => GoldenFolder.Onnx[name + ".onnx"];

    [Fact]
    public async Task TrainEvaluatePredict_FromOnnx_AgreeWithEachOther()
    {
        string[] train =
        [
            "train", _images.Root, "--out", _images[".runs/onnx"], "--from", Golden("images_13"), "--split-every", "4",
        ];
        ToolResult trained = await Tool.Run(train);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.StartsWith("images_13.onnx, its head, from a model: 3 classes", trained.OutputLines[0]);

        string model = _images[".runs/onnx/weights/best.safetensors"];
        ToolResult evaluated = await Tool.Run("evaluate", model, _images.Root, "--split-every", "4", "--json");
        Assert.Equal(0, evaluated.Code);

        // Out as ONNX and in again: the same figures.
        string onnx = _images["again.bin"];
        Assert.Equal(0, (await Tool.Run("export", model, "--onnx", onnx)).Code);
        ToolResult again = await Tool.Run("evaluate", onnx, _images.Root, "--split-every", "4", "--json");
        Assert.Equal(0, again.Code);
        Assert.Contains("\"accuracy\":", again.Output);
        Assert.Equal(evaluated.Output.Split("\"loss\"")[0], again.Output.Split("\"loss\"")[0]);

        ToolResult predicted = await Tool.Run("predict", onnx, _images["red/0.png"], "--top", "1");
        Assert.Equal(0, predicted.Code);
        Assert.Contains("conv", (await Tool.Run("summary", Golden("images_13"))).Output);
    }

    [Fact]
    public async Task Evaluate_OnnxOfOtherClasses_SaysHowMany()
    {
        ToolResult result = await Tool.Run("evaluate", Golden("images_13"), _images.Root);
        Assert.Equal(1, result.Code);
        Assert.Contains("the network has 5 classes, there are 3 labels", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("--backbone", "resnet18")]
    [InlineData("--weights", "some.pth")]
    [InlineData("--normalize", "half")]
    public async Task Train_FromAndWhatAModelBrings_ExcludeEachOther(string option, string value)
    {
        ToolResult result = await Tool.Run("train", _images.Root, "--from", Golden("images_13"), option, value);
        Assert.Equal(2, result.Code);
        Assert.Contains($"--from and {option} exclude each other", result.Error);
    }

    [Fact]
    public async Task Train_FromNoModel_SaysSoAndLeavesNoRun()
    {
        File.WriteAllText(_images["letter.onnx"], "dear reader, this is a letter");
        ToolResult result = await Tool.Run("train", _images.Root, "--out", _images[".runs/none"], "--from", _images["letter.onnx"]);
        Assert.Equal(1, result.Code);
        Assert.Contains("letter.onnx", Assert.Single(result.ErrorLines));
        Assert.False(Directory.Exists(_images[".runs/none"]));
    }
}
