using System.Text.Json;

namespace MLClassify.Cli.Tests.Commands;

public sealed class TestTimeOptionsTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    private string Model => _images[".runs/colors/weights/best.safetensors"];

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Evaluate_Tta_AveragesViews()
    {
        await Train();
        double plain = await Loss();
        double flip = await Loss("--tta", "flip");
        double tenCrop = await Loss("--tta", "ten-crop");

        Assert.Equal(plain, await Loss("--tta", "none"));
        Assert.Equal(flip, await Loss("--tta"));
        Assert.Equal(tenCrop, await Loss("--ten-crop"));
        Assert.Equal(3, new[] { plain, flip, tenCrop }.Distinct().Count());
    }

    [Fact]
    public async Task Predict_Tta_AveragesViews()
    {
        await Train();
        string plain = (await Predict()).Output;

        Assert.Equal(plain, (await Predict("--tta", "none")).Output);
        Assert.NotEqual(plain, (await Predict("--tta", "flip")).Output);
        Assert.NotEqual(plain, (await Predict("--tta", "Ten-Crop")).Output);
    }

    [Theory]
    [InlineData("--tta: expected one of none, flip, ten-crop, got 'five-crop'", "--tta", "five-crop")]
    [InlineData("--tta and --ten-crop exclude each other", "--ten-crop", "--tta", "flip")]
    public async Task Predict_WrongViews_SaysSo(string message, params string[] options)
    {
        ToolResult result = await Predict(options);

        // Before the model is looked for.
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
    }

    private async Task Train()
    {
        ToolResult trained = await Tool.Run(
            "train", _images.Root, "--out", _images[".runs/colors"], "--backbone", TinyNetwork.Name, "--weights", "none", "--split-every", "4",
            "--epochs", "4", "--lr", "0.02", "--batch-size", "8");
        Assert.Equal(0, trained.Code);
    }

    private Task<ToolResult> Predict(params string[] options) => Tool.Run(["predict", Model, _images["red"], "--json", .. options]);

    private async Task<double> Loss(params string[] options)
    {
        ToolResult result = await Tool.Run(["evaluate", Model, _images.Root, "--json", .. options]);
        Assert.Equal(0, result.Code);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("loss").GetDouble();
    }
}
