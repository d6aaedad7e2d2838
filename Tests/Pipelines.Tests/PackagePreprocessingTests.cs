using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Packages;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

/// <summary>A package's network, from its files to a model and an ONNX file: its preprocessing goes along.</summary>
public sealed class PackagePreprocessingTests : IDisposable
{
    private const int Size = 32;

    private static readonly string[] Labels = ["blue", "green", "red"];

    private readonly ColorImageFolder _images = new();
    private readonly FakePackage _fake = new("cifar_resnet20", Size);

    private string Packages => _images[".packages"];

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task FineTune_Package_AppliesAndKeepsItsPreprocessing()
    {
        using ImageClassifier model = await TrainAsync(TrainableLayers.Head);

        PreprocessingSpec spec = model.Preprocessing;
        Assert.Equal((ResizeRule.Stretch, Size, Size, 1f, ChannelOrder.Bgr), (spec.Resize, spec.ResizeSize, spec.CropSize, spec.Scale, spec.ChannelOrder));
        Assert.Equal([.. FakePackage.Mean, 1, 1, 1], spec.Mean.ToArray().Concat(spec.Std.ToArray()));

        string saved = _images["model.safetensors"];
        model.Save(saved);
        using ImageClassifier again = ImageClassifier.Load(saved);
        Assert.Equal(spec, again.Preprocessing);
        Assert.Equal("cifar_resnet20", again.Network.Name);
    }

    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task ExportOnnx_PackagesModel_ReadsBackWithItsPreprocessingAndScores(TrainableLayers unfreeze)
    {
        using ImageClassifier model = await TrainAsync(unfreeze);
        string path = _images["model.onnx"];
        model.ExportOnnx(path);

        using ImageClassifier again = ImageClassification.FromOnnx(path);

        Assert.Equal(model.Preprocessing, again.Preprocessing);
        string[] files = Directory.GetFiles(_images["red"]);
        Assert.Equal(model.Predict(files[0]).Scores.Select(s => Math.Round(s, 4)), again.Predict(files[0]).Scores.Select(s => Math.Round(s, 4)));
    }

    [Fact]
    public async Task FineTune_AnotherNormalization_IsRefused()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => TrainAsync(TrainableLayers.Head, new InputOptions { Normalization = NormalizationKind.Half }));

        Assert.Contains("come with their own normalization", error.Message);
    }

    [Fact]
    public async Task FineTune_NothingNamedButAnotherNormalization_TakesNoPackage()
    {
        _fake.Restore(Packages, "0.23.1");
        using var cache = new WeightsCache(Options());
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        FineTuneOptions options = Small(new InputOptions()) with { Weights = WeightSelection.Auto };
        FineTuneOptions other = Small(new InputOptions { Normalization = NormalizationKind.Half }) with { Weights = WeightSelection.Auto };

        using TrainingResult package = await new FineTuneTrainer(options) { Resolver = new WeightResolver(cache) }.FitAsync(train, validation);
        using TrainingResult embedded = await new FineTuneTrainer(other) { Resolver = new WeightResolver(cache) }.FitAsync(train, validation);

        Assert.Equal((WeightSelection.Package(FakePackage.Id, "0.23.1"), WeightSelection.Embedded), (package.Options.Weights, embedded.Options.Weights));
    }

    [Fact]
    public void Apply_PackagesPreprocessing_IsBytesInReverseLessTheMean()
    {
        // Stretched by whole numbers and back, so that a slow resize is exact: every 2 x 3 block is one color.
        PreprocessingSpec spec = InitialPreprocessing.Of(new WeightInput(true, 123.15f, 115.9f, 103.06f), 8);
        byte[] pixels = [.. Enumerable.Range(0, 16 * 24 * 3).Select(i => Color(i / 3 % 16 / 2, i / 3 / 16 / 3, i % 3))];
        float[] found = new float[8 * 8 * 3];
        float[] mean = [103.06f, 115.9f, 123.15f];

        new Preprocessor(spec with { Interpolation = Imaging.Resizing.Interpolation.Nearest }).Apply(new Image(16, 24, pixels), found);

        // Two roundings of numbers below 256: half a unit in the last place each.
        for (int i = 0; i < found.Length; i++)
        {
            double expected = Color(i / 3 % 8, i / 3 / 8, 2 - (i % 3)) - (double)mean[i % 3];
            Assert.InRange(found[i] - expected, -256 * Math.Pow(2, -23), 256 * Math.Pow(2, -23));
        }

        static byte Color(int x, int y, int channel) => (byte)((x * 31) + (y * 17) + (channel * 90));
    }

    [Fact]
    public void Of_ImageNetsWeights_IsTheNetworksOwn()
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get("resnet18");

        Assert.Equal(PreprocessingSpec.ForInput(160, definition.ResizeRatio), InitialPreprocessing.Of(definition, 160, null));
    }

    [Fact]
    public void FromOnnx_FileInAPackage_TakesThePreparationBesideIt()
    {
        FeaturizerPackage known = FeaturizerPackage.All[1];
        _fake.Write(_images[".tools"]);
        Move(_fake.Package.ModelFile, known.ModelFile);
        using (ImageClassifier alone = ImageClassification.FromOnnx(_images[$".tools/{known.ModelFile}"]))
        {
            Assert.Equal(ChannelOrder.Rgb, alone.Preprocessing.ChannelOrder);
        }

        Move(_fake.Package.PreparationFile, known.PreparationFile);
        using ImageClassifier model = ImageClassification.FromOnnx(_images[$".tools/{known.ModelFile}"]);

        Assert.Equal((ChannelOrder.Bgr, 1f, ResizeRule.Stretch), (model.Preprocessing.ChannelOrder, model.Preprocessing.Scale, model.Preprocessing.Resize));
        Assert.Equal(FakePackage.Mean, model.Preprocessing.Mean.ToArray());

        void Move(string from, string to)
        {
            string target = _images[$".tools/{to}"];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(_images[$".tools/{from}"], target);
        }
    }

    private WeightsCacheOptions Options() => _fake.In(Packages, new WeightsCacheOptions { Folder = _images[".weights"], IsOffline = true });

    private static FineTuneOptions Small(InputOptions input) => new()
    {
        Weights = WeightSelection.Package(FakePackage.Id),
        TrainableLayers = TrainableLayers.Head,
        Input = input,
        BatchSize = 8,
        Compute = new() { Threads = 1 },
    };

    private async Task<ImageClassifier> TrainAsync(TrainableLayers unfreeze, InputOptions? input = null)
    {
        _fake.Restore(Packages, "0.23.1");
        using var cache = new WeightsCache(Options());
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        FineTuneOptions options = Small(input ?? new InputOptions()) with { TrainableLayers = unfreeze, Epochs = unfreeze == TrainableLayers.All ? 1 : null };
        ImageClassifier model = (await new FineTuneTrainer(options) { Resolver = new WeightResolver(cache) }.FitAsync(train, validation)).TakeClassifier();
        Assert.Equal(Labels, model.Labels);
        return model;
    }
}
