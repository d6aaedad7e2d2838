using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Validation;

public sealed class CrossValidationTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 3,
        LearningRate = 0.05,
        TrainableLayers = TrainableLayers.All,
        Compute = new() { Threads = 2 },
    };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task RunAsync_Folds_MeasureEveryImageOnceByAModelThatDidNotSeeIt(TrainableLayers layers)
    {
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        FineTuneOptions options = layers == TrainableLayers.All ? Small : new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, Compute = new() { Threads = 2 } };

        CrossValidationResult result = await new CrossValidation(options) { Folds = 3 }.RunAsync(images);

        Assert.Equal(3, result.Folds.Count);
        Assert.Equal(images.Samples.Select(sample => sample.Path).Order(), result.Pooled.Predictions.Select(prediction => prediction.Path).Order());

        // The classifier of a fold remembers its training images: none of them is measured.
        Assert.All(result.Folds, fold => Assert.True(fold.TrainedOn is null or 0));
        Assert.Contains("3-fold cross-validation", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Twice_IsTheSame()
    {
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        CrossValidationResult first = await new CrossValidation(Small) { Folds = 2 }.RunAsync(images);
        CrossValidationResult second = await new CrossValidation(Small with { Compute = new() { Threads = 1 } }) { Folds = 2 }.RunAsync(images);
        Assert.Equal(first.Pooled.Loss, second.Pooled.Loss);
        Assert.Equal(first.Pooled.Predictions, second.Pooled.Predictions);
    }

    [Fact]
    public async Task RunAsync_StepwiseFold_ChoosesItsEpochWithoutTheFold()
    {
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        (ImageDataset train, ImageDataset heldOut) = images.Folds(2, Small.Seed)[0];
        (ImageDataset learned, ImageDataset choosing) = train.Split(0.1, Small.Seed);
        using TrainingResult expected = await new FineTuneTrainer(Small).FitAsync(learned, choosing);

        CrossValidationResult result = await new CrossValidation(Small) { Folds = 2 }.RunAsync(images);

        Assert.Equal(expected.Evaluate(heldOut).Loss, result.Folds[0].Loss);
    }

    [Fact]
    public async Task RunAsync_BadNumbers_AreRefused()
    {
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        await Assert.ThrowsAsync<ArgumentException>(() => new CrossValidation(Small) { Folds = 1 }.RunAsync(images));
        var lone = new ImageDataset(images.ClassNames, images.Samples.GroupBy(sample => sample.Label).SelectMany(group => group.Take(group.Key == 0 ? 1 : 5)));
        InvalidDatasetException error = await Assert.ThrowsAsync<InvalidDatasetException>(() => new CrossValidation(Small).RunAsync(lone));
        Assert.Contains("fewer than two images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Canceled_Throws()
    {
        using var stop = new CancellationTokenSource();
        ImageDataset images = ImageFolder.Open(_images.Root).Dataset;
        var progress = new ProgressRecorder<TrainingProgress>(p => { if (p.Completed is not null) { stop.Cancel(); } });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new CrossValidation(Small).RunAsync(images, progress: progress, cancellationToken: stop.Token));
    }
}
