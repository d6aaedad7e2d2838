using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Models;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

// What tells the classes apart lies at the edge, where the center crop ends: a frame of two pixels in 64.
public sealed class ImageFitTrainingTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 20,
        LearningRate = 0.05,
        Augmentation = "none",
        Compute = new() { Threads = 2 },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;

    public ImageFitTrainingTests()
    {
        foreach (int label in new[] { 0, 1 })
        {
            Directory.CreateDirectory(Path.Combine(_folder.Root, label == 0 ? "chipped" : "whole"));
            for (int i = 0; i < 24; i++)
            {
                Image image = TestImages.Noise(64, 64, (2 * i) + label);
                Frame(image, label == 0 ? (byte)255 : (byte)0);
                ImageEncoder.Save(Path.Combine(_folder.Root, label == 0 ? "chipped" : "whole", $"{i}.png"), image);
            }
        }

        (_train, _validation) = ImageFolder.Open(_folder.Root).HoldOutEveryNth(2);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, 0, 0.8)]
    [InlineData(ImageFit.Crop, 0, 0.8)]
    [InlineData(ImageFit.Squash, 1, 1)]
    [InlineData(ImageFit.Pad, 1, 1)]
    public async Task FitAsync_EdgesMatter_LearnsThemWhereTheNetworkSeesThem(ImageFit? fit, double least, double most)
    {
        using TrainingResult result = await new FineTuneTrainer(Small with { Input = new() { Fit = fit } }).FitAsync(_train, _validation);
        Assert.InRange(result.Validation!.Accuracy, least, most);

        // The file says it, so whoever loads it sees the same.
        string file = Path.Combine(_folder.Root, "model.safetensors");
        result.Save(file);
        using ImageClassifier loaded = ImageClassifier.Load(file);
        Assert.Equal(result.Model.Preprocessing, loaded.Preprocessing);
        Assert.Equal(result.Validation.Accuracy, loaded.Evaluate(_validation).Accuracy);

        // And it goes on so, unless another is asked for.
        FineTuneOptions more = Small with { Backbone = null, InitialModel = file, Epochs = 1 };
        using TrainingResult again = await new FineTuneTrainer(more).FitAsync(_train, _validation);
        Assert.Equal(loaded.Preprocessing, again.Model.Preprocessing);
        using TrainingResult padded = await new FineTuneTrainer(more with { Input = new() { Fit = ImageFit.Pad } }).FitAsync(_train, _validation);
        Assert.Equal(ResizeRule.Pad, padded.Model.Preprocessing.Resize);
    }

    [Fact]
    public void Constructor_FitBesidePreprocessing_Throws()
    {
        var input = new InputOptions { Fit = ImageFit.Pad, Preprocessing = PreprocessingSpec.ImageNet(32) };
        Assert.Contains("Fit", Assert.Throws<ArgumentException>(() => new FineTuneTrainer(Small with { Input = input })).Message);
    }

    [Fact]
    public async Task FitAsync_Strips_WarnsOnceBeforeTraining()
    {
        foreach (string name in new[] { "chipped", "whole" })
        {
            for (int i = 0; i < 24; i++)
            {
                ImageEncoder.Save(Path.Combine(_folder.Root, name, $"{i}.png"), TestImages.Noise(200, 20, i));
            }
        }

        var trainer = new FineTuneTrainer(Small with { Epochs = 1 });
        using TrainingResult result = await trainer.FitAsync(_train, _validation);
        Assert.Single(result.Warnings, warning => warning.Contains("10 : 1", StringComparison.Ordinal));
        Assert.Contains("leaves out 9", trainer.AuditInput(_train)!.ToString());
        Assert.Equal(0, new FineTuneTrainer(Small with { Input = new() { Fit = ImageFit.Squash } }).AuditInput(_train)!.Worst);
    }

    private static void Frame(Image image, byte value)
    {
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = image.Row(y);
            if (y < 2 || y >= image.Height - 2)
            {
                row.Fill(value);
            }

            row[..6].Fill(value);
            row[^6..].Fill(value);
        }
    }
}
