namespace MLClassify.Cli.Tests.Options;

public sealed class PathRolesTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 1);
    private readonly string _model;
    private readonly string _photo;

    public PathRolesTests()
    {
        _model = _images[".model.safetensors"];
        _photo = _images["blue/0.png"];
        File.WriteAllText(_model, "");
    }

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("evaluate", "mlclassify evaluate [MODEL...] DATA")]
    [InlineData("predict", "mlclassify predict MODEL IMAGE|DIR")]
    [InlineData("explain", "mlclassify explain MODEL IMAGE|DIR")]
    public async Task Run_ModelAndFolderExchanged_SaysWhatBothAreAndTheOrder(string command, string usage) =>
        await FailsWith($"'{_images.Root}' is a folder of images and '{_model}' is a model: the order is {usage}", command, _images.Root, _model);

    [Fact]
    public async Task Predict_ModelAndPhotoExchanged_SaysWhatBothAre() =>
        await FailsWith($"'{_photo}' is an image and '{_model}' is a model: the order is mlclassify predict MODEL IMAGE|DIR", "predict", _photo, _model);

    [Fact]
    public async Task Predict_FolderAndPhoto_SaysThatAModelIsExpected() => await FailsWith(
        $"'{_images.Root}' is a folder of images, where a model is expected: mlclassify predict MODEL IMAGE|DIR", "predict", _images.Root, _photo);

    [Fact]
    public async Task Predict_TwoModels_SaysThatImagesAreExpected() =>
        await FailsWith($"'{_model}' is a model, where images are expected: mlclassify predict MODEL IMAGE|DIR", "predict", _model, _model);

    [Fact]
    public async Task Predict_PhotoAsModel_SaysWhatItsContentIs()
    {
        ToolResult result = await Tool.Run("predict", _photo, _photo);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"error: {_photo}: this is a PNG image, not a model file", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Predict_OnePhoto_SaysWhatIsMissingAndWhatWasFound() =>
        await FailsWith($"IMAGE|DIR is missing: mlclassify predict MODEL IMAGE|DIR; '{_photo}' is an image (see 'mlclassify predict --help')", "predict", _photo);

    [Fact]
    public async Task Evaluate_FolderAlone_SaysWhatWasFound() => await FailsWith(
        $"give a model file and the data's folder: mlclassify evaluate [MODEL...] DATA; '{_images.Root}' is a folder of images", "evaluate", _images.Root);

    [Fact]
    public async Task Evaluate_ModelAlone_SaysWhatWasFound() => await FailsWith(
        $"give a model file and the data's folder: mlclassify evaluate [MODEL...] DATA; '{_model}' is a model", "evaluate", _model);

    [Fact]
    public async Task Inspect_Nothing_NamesTheArgumentAndTheWholeCommand() =>
        await FailsWith("DATA is missing: mlclassify data inspect DATA (see 'mlclassify data inspect --help')", "data", "inspect");

    private static async Task FailsWith(string message, params string[] arguments)
    {
        ToolResult result = await Tool.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Equal($"error: {message}", Assert.Single(result.ErrorLines));
    }
}
