using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests.Commands.Backbones;

/// <summary>The tool and a NuGet package's weights, of a folder that stands for NuGet's.</summary>
public sealed class PackageCommandTests : IDisposable
{
    private const string Package = $"package:{FakePackage.Id}";

    private readonly ColorImageFolder _images = new();
    private readonly FakePackage _fake = new("cifar_resnet20");
    private readonly WeightsCacheOptions _options;

    public PackageCommandTests()
    {
        _options = _fake.In(_images[".packages"], new WeightsCacheOptions { Folder = _images[".weights"], IsOffline = true });
        _fake.Restore(_images[".packages"], "0.23.1");
    }

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Train_Package_SaysWhichAndKeepsItsPreprocessing()
    {
        ToolResult result = await Tool.Run(_options, "train", _images.Root, "--weights", Package, "--out", _images[".run"]);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal($"no --backbone: pretrained cifar_resnet20 ({FakePackage.Id} 0.23.1)", result.OutputLines[0]);
        using JsonDocument record = JsonDocument.Parse(await File.ReadAllTextAsync(_images[".run/args.json"]));
        Assert.Contains($"{Package}/0.23.1", record.RootElement.ToString(), StringComparison.Ordinal);
        using ImageClassifier model = ImageClassifier.Load(_images[".run/weights/best.safetensors"]);
        Assert.Equal((ChannelOrder.Bgr, ResizeRule.Stretch, 1f), (model.Preprocessing.ChannelOrder, model.Preprocessing.Resize, model.Preprocessing.Scale));
    }

    [Fact]
    public async Task Train_NothingNamed_TakesThePackageAndSaysWhy()
    {
        ToolResult result = await Tool.Run(_options, "train", _images.Root, "--out", _images[".run"]);

        Assert.Equal(0, result.Code);
        Assert.StartsWith($"no --backbone: pretrained cifar_resnet20 ({FakePackage.Id} 0.23.1); resnet50's weights are not here: nothing is fetched", result.OutputLines[0]);
    }

    [Fact]
    public async Task Train_PackageThatIsNotHere_FailsInOneLine()
    {
        ToolResult result = await Tool.Run(_options, "train", _images.Root, "--weights", $"{Package}/1.2.3", "--out", _images[".run"]);

        Assert.Equal(1, result.Code);
        Assert.Contains($"The package {FakePackage.Id} 1.2.3 is not here: nothing is fetched", Assert.Single(result.ErrorLines));
        Assert.False(Directory.Exists(_images[".run"]));
    }

    [Fact]
    public async Task Evaluate_Package_SaysThatItHasNoHead()
    {
        ToolResult result = await Tool.Run(_options, "evaluate", "--weights", Package, _images.Root);

        Assert.Equal(2, result.Code);
        Assert.Contains("knows no classes", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Pull_PackageThatIsHere_SaysWhere()
    {
        ToolResult result = await Tool.Run(_options, "backbones", "pull", Package);

        Assert.Equal((0, $"cifar_resnet20: {Path.Combine(_images[".packages"], "tests.featurizer.small", "0.23.1", "tools", "DnnImageModels", _fake.Package.ModelFile)} ({FakePackage.Id} 0.23.1)"), (result.Code, result.Output.TrimEnd()));
    }

    [Fact]
    public async Task List_PackageThatIsHere_MarksItsNetwork()
    {
        ToolResult result = await Tool.Run(_options, "backbones", "list");

        Assert.Contains("[package]", result.OutputLines.Single(l => l.StartsWith("cifar_resnet20 ", StringComparison.Ordinal)));
        Assert.DoesNotContain("[package]", result.OutputLines.Single(l => l.StartsWith("cifar_resnet56 ", StringComparison.Ordinal)));
    }
}
