using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

/// <summary>Images that a model has learned, wherever they come back as images to measure it on.</summary>
public sealed class SeenImagesTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 2,
        LearningRate = 0.05,
        Compute = new() { Threads = 1 },
    };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task FitAsync_CopiesOfTrainingImagesHeldOut_AreCountedAndAProblem(TrainableLayers layers)
    {
        ImageDataset train = ImageFolder.Open(_images.Root).Dataset;
        using var copies = new TemporaryFolder();
        ImageSample[] copied = [.. train.Samples.Select((sample, i) => sample with { Path = copies[$"copy {i}{Path.GetExtension(sample.Path)}"] })];
        foreach ((ImageSample from, ImageSample to) in train.Samples.Zip(copied))
        {
            File.Copy(from.Path, to.Path);
        }

        using TrainingResult result = await new FineTuneTrainer(Small with { TrainableLayers = layers }).FitAsync(train, new ImageDataset(train.ClassNames, copied));

        Assert.Equal(train.Count, result.Validation!.TrainedOn);
        Assert.Equal(("seen_images", VerdictTone.Problem), (result.Diagnosis[0].Id, result.Diagnosis[0].Tone));
        Assert.DoesNotContain(result.Diagnosis, verdict => verdict.Tone == VerdictTone.Good);
    }

    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task FitAsync_EqualFilesThatAreNoImages_AreNotSeen(TrainableLayers layers)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        ImageSample page = ImageSample.FromBytes("error page", "404"u8.ToArray(), 0);
        var damagedTrain = new ImageDataset(train.ClassNames, [.. train.Samples, page]);
        var damagedValidation = new ImageDataset(train.ClassNames, [.. validation.Samples, ImageSample.FromBytes("the same page", "404"u8.ToArray(), 0)]);

        using TrainingResult result = await new FineTuneTrainer(Small with { TrainableLayers = layers }).FitAsync(damagedTrain, damagedValidation);
        EvaluationResult evaluation = result.Classifier.Evaluate(damagedValidation);

        Assert.Equal(0, result.Validation!.TrainedOn);
        Assert.Equal(0, evaluation.TrainedOn);
        Assert.Single(evaluation.Skipped);
    }

    [Fact]
    public async Task FitAsync_FromWeightsOfAModel_KnowsWhatThatHasSeen()
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        string file = _images["first.safetensors"];
        using (TrainingResult first = await new FineTuneTrainer(Small).FitAsync(train, validation))
        {
            Assert.Equal(0, first.Validation!.TrainedOn);
            first.Save(file);
        }

        using TrainingResult second = await new FineTuneTrainer(Small with { Weights = WeightSelection.File(file) }).FitAsync(validation, train);

        Assert.Equal(train.Count, second.Validation!.TrainedOn);
        Assert.Contains(second.Warnings, warning => warning.Contains($"was trained on {train.Count} of the {train.Count} images", StringComparison.Ordinal));
        Assert.Equal(train.Count + validation.Count, second.Classifier.TrainingImages!.Count);
    }

    [Fact]
    public async Task RunAsync_CopiesInSeveralFolds_AreCounted()
    {
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        ImageSample[] twice = [.. images.Samples, .. images.Samples.Select(sample => ImageSample.FromBytes("copy of " + sample.Path, File.ReadAllBytes(sample.Path), sample.Label))];

        CrossValidationResult result = await new CrossValidation(Small) { Folds = 3 }.RunAsync(new ImageDataset(images.ClassNames, twice));

        Assert.InRange(result.Pooled.TrainedOn ?? 0, 1, twice.Length);
        Assert.Equal("seen_images", result.Pooled.Diagnosis[0].Id);
    }
}
