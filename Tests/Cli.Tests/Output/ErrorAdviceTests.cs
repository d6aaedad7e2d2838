namespace MLClassify.Cli.Tests.Output;

public sealed class ErrorAdviceTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Train_PretrainedOffline_NamesImportAndTheOption() => await FailsWith(
        "'mlclassify backbones import squeezenet1_1-b8a52dc0.pth' copies it there, and without --offline it is downloaded",
        "train", _images.Root, "--backbone", "squeezenet1_1", "--weights", "pretrained");

    [Fact]
    public async Task Train_WeightsThatNobodyPublished_NamesImport() => await FailsWith(
        "'mlclassify backbones import FILE --name NETWORK' does the latter", "train", _images.Root, "--backbone", "squeezenet1_1", "--weights", "pretrained:v9");

    [Fact]
    public async Task Train_RawDataset_NamesUnpack()
    {
        string folder = Directory.CreateDirectory(_images[".raw"]).FullName;
        File.WriteAllText(Path.Combine(folder, "batches.meta.txt"), "a\nb\n");
        await FailsWith("'mlclassify data unpack' does that", "train", folder, "--backbone", "cifar_resnet20", "--weights", "none");
    }

    [Fact]
    public async Task Predict_WeightsAlone_NamesTheOptionsThatTakeThem()
    {
        string file = _images[".weights.safetensors"];
        byte[] header = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""u8.ToArray();
        File.WriteAllBytes(file, [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0]);
        await FailsWith("--backbone and --weights take such files", "predict", file, _images.Root);
    }

    [Fact]
    public async Task Train_ModelAsWeights_NamesTheOptionThatTakesIt()
    {
        string file = _images[".model.onnx"];
        File.WriteAllBytes(file, [0x08, 0x08, 0x12, 0x01, (byte)'x', .. new byte[32]]);
        await FailsWith("--from takes such files", "train", _images.Root, "--backbone", "cifar_resnet20", "--weights", file, "--out", _images[".run"]);
    }

    private static async Task FailsWith(string advice, params string[] arguments)
    {
        ToolResult result = await Tool.Run(arguments);
        Assert.NotEqual(0, result.Code);
        Assert.EndsWith("; " + advice, Assert.Single(result.ErrorLines));
    }
}
