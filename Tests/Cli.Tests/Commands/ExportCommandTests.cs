namespace MLClassify.Cli.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    private string Model => _images[".runs/colors/weights/best.safetensors"];

    private string Onnx => _images[".model.onnx"];

    [Fact]
    public async Task Export_TrainedModel_WritesTheFileAndSaysSo()
    {
        await Train();
        ToolResult result = await Tool.Run("export", Model, "--onnx", Onnx);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal($"{Onnx}: test_tiny, 3 classes, opset 17, 0.0 MB", Assert.Single(result.OutputLines).TrimEnd());
        Assert.True(new FileInfo(Onnx).Length > 4_000);
    }

    [Fact]
    public async Task Export_OtherChoices_GiveAnotherFile()
    {
        await Train();
        await Tool.Run("export", Model, "--onnx", Onnx);
        byte[] plain = File.ReadAllBytes(Onnx);
        string[][] choices = [["--layout", "nhwc"], ["--range", "1"], ["--range", "normalized"], ["--no-softmax"], ["--opset", "19"]];
        foreach (string[] choice in choices)
        {
            Assert.Equal(0, (await Tool.Run(["export", Model, "--onnx", Onnx, .. choice])).Code);
            Assert.NotEqual(plain, File.ReadAllBytes(Onnx));
        }

        Assert.Equal(0, (await Tool.Run("export", Model, "--onnx", Onnx, "--layout", "nchw", "--range", "255", "--opset", "17")).Code);
        Assert.Equal(plain, File.ReadAllBytes(Onnx));
    }

    [Theory]
    [InlineData("--onnx FILE")]
    [InlineData("--range: expected 255, 1 or normalized, got '2'", "--onnx", "x.onnx", "--range", "2")]
    [InlineData("the ONNX opset must be 17 to 23, got 11", "--onnx", "x.onnx", "--opset", "11")]
    [InlineData("--layout: expected one of nchw, nhwc", "--onnx", "x.onnx", "--layout", "chwn")]
    [InlineData("would replace the model", "--onnx", "./no-such-model.safetensors")]
    public async Task Export_WrongUsage_SaysWhatWasExpected(string expected, params string[] args)
    {
        ToolResult result = await Tool.Run(["export", "no-such-model.safetensors", .. args]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Export_NoModel_Fails()
    {
        string path = _images["red/0.png"];
        ToolResult result = await Tool.Run("export", path, "--onnx", Onnx);
        Assert.Equal(1, result.Code);
        Assert.Contains(path, Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(Onnx));
    }

    private async Task Train()
    {
        ToolResult result = await Tool.Run(
            "train", _images.Root, "--out", _images[".runs/colors"], "--backbone", TinyNetwork.Name, "--weights", "none", "--split-every", "4", "--epochs", "1");
        Assert.Equal((0, ""), (result.Code, result.Error));
    }
}
