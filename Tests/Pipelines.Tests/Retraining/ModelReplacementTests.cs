using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests.Retraining;

public sealed class ModelReplacementTests : IDisposable
{
    private static readonly FineTuneOptions Good = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 30, LearningRate = 0.05, Compute = new() { Threads = 1 } };
    private static readonly FineTuneOptions Bad = Good with { Epochs = 1, LearningRate = 1e-9 };

    private readonly ColorImageFolder _images = new(perClass: 8);
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;

    public ModelReplacementTests() => (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(2);

    private string ModelPath => _images["models/colors.safetensors"];

    private string PreviousPath => _images["models/colors.previous.safetensors"];

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task ReplaceAsync_NothingThere_WritesTheModel()
    {
        using ImageClassifier model = await TrainAsync(Good);

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, model, _validation);

        Assert.Equal((ReplacementOutcome.First, true), (result.Outcome, result.IsInPlace));
        Assert.Equal((null, null), (result.Existing, result.PreviousPath));
        Assert.True(File.Exists(ModelPath));
        Assert.False(File.Exists(PreviousPath));
    }

    [Fact]
    public async Task ReplaceAsync_Worse_KeepsTheOldUnlessForced()
    {
        using ImageClassifier good = await TrainAsync(Good);
        using ImageClassifier bad = await TrainAsync(Bad);
        await ModelReplacement.ReplaceAsync(ModelPath, good, _validation);
        byte[] before = File.ReadAllBytes(ModelPath);

        ReplacementResult kept = await ModelReplacement.ReplaceAsync(ModelPath, bad, _validation);

        Assert.Equal(ReplacementOutcome.Kept, kept.Outcome);
        Assert.True(kept.New.Correct < kept.Existing!.Value.Correct);
        Assert.Equal(12, kept.Existing.Value.Images);
        Assert.Equal(good.Evaluate(_validation).Accuracy, kept.Existing.Value.Accuracy);
        Assert.Equal(before, File.ReadAllBytes(ModelPath));
        Assert.False(File.Exists(PreviousPath));
        Assert.Contains("new model: ", kept.ToString(), StringComparison.Ordinal);
        Assert.Contains("in place: ", kept.ToString(), StringComparison.Ordinal);

        ReplacementResult forced = await ModelReplacement.ReplaceAsync(ModelPath, bad, _validation, force: true);

        Assert.Equal((ReplacementOutcome.Replaced, PreviousPath), (forced.Outcome, forced.PreviousPath));
        Assert.Equal(before, File.ReadAllBytes(PreviousPath));
        Assert.NotEqual(before, File.ReadAllBytes(ModelPath));
    }

    [Fact]
    public async Task ReplaceAsync_ClassLost_KeepsTheOldUnlessForced()
    {
        using ImageClassifier all = await TrainAsync(Bad);
        await ModelReplacement.ReplaceAsync(ModelPath, all, _validation);
        Directory.Delete(_images["red"], recursive: true);
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(2);
        using ImageClassifier fewer = (await new FineTuneTrainer(Good).FitAsync(train, validation)).TakeClassifier();

        ReplacementResult kept = await ModelReplacement.ReplaceAsync(ModelPath, fewer, validation);

        Assert.Equal((ReplacementOutcome.Kept, "red"), (kept.Outcome, Assert.Single(kept.LostClasses)));
        Assert.True(kept.New.Correct >= kept.Existing!.Value.Correct);
        Assert.Contains("does not know red", kept.ToString(), StringComparison.Ordinal);
        Assert.Equal(ReplacementOutcome.Replaced, (await ModelReplacement.ReplaceAsync(ModelPath, fewer, validation, force: true)).Outcome);
        Assert.Empty(Directory.EnumerateFiles(_images["models"], "*.new"));
    }

    [Fact]
    public async Task ReplaceAsync_ImagesThatTheOldLearned_AreLeftOut()
    {
        // The folder grew and was split anew: of what is held out now, the old model knows half.
        using ImageClassifier old = await TrainAsync(Good);
        await ModelReplacement.ReplaceAsync(ModelPath, old, _validation);
        var mixed = new ImageDataset(_train.ClassNames, _validation.Samples.Concat(_train.Samples));
        (ImageDataset train, ImageDataset validation) = mixed.Split(0.5, seed: 3);
        int known = validation.Samples.Count(sample => _train.Samples.Any(s => s.Path == sample.Path));
        Assert.InRange(known, 1, validation.Count - 1);
        using TrainingResult trained = await new FineTuneTrainer(Good).FitAsync(train, validation);

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, trained.Classifier, validation);

        Assert.Equal((known, true), (result.Seen, result.IsSeenLeftOut));
        Assert.Equal(validation.Count - known, result.New.Images);
        Assert.Equal(validation.Count - known, result.Existing!.Value.Images);
        Assert.Contains($"trained on {known} of the held-out images: they are left out", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceAsync_OnlyImagesThatTheOldLearned_SaysWhomThatFavors()
    {
        using ImageClassifier old = await TrainAsync(Good);
        await ModelReplacement.ReplaceAsync(ModelPath, old, _validation);

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, old, _train);

        Assert.Equal((_train.Count, false), (result.Seen, result.IsSeenLeftOut));
        Assert.Contains("the comparison favors it", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceAsync_AsGood_Replaces()
    {
        using ImageClassifier model = await TrainAsync(Good);
        await ModelReplacement.ReplaceAsync(ModelPath, model, _validation);

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, model, _validation);

        Assert.Equal(ReplacementOutcome.Replaced, result.Outcome);
        Assert.Equal(result.New, result.Existing);
        using ImageClassifier previous = ImageClassifier.Load(PreviousPath);
        Assert.Equal(model.Labels, previous.Labels);
    }

    [Fact]
    public async Task ReplaceAsync_ClassesThatTheOldDoesNotKnow_CountAgainstIt()
    {
        var two = new ImageDataset(["blue", "green"], _train.Samples.Where(s => s.Label < 2));
        using ImageClassifier old = (await new FineTuneTrainer(Good).FitAsync(two, two)).TakeClassifier();
        await ModelReplacement.ReplaceAsync(ModelPath, old, two);
        using ImageClassifier model = await TrainAsync(Good);

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, model, _validation);

        Assert.Equal(ReplacementOutcome.Replaced, result.Outcome);
        Assert.Equal(12, result.Existing!.Value.Images);
        Assert.InRange(result.Existing.Value.Correct, 1, 8);
    }

    [Fact]
    public async Task ReplaceAsync_FileThereIsNoModel_IsAnErrorUnlessForced()
    {
        using ImageClassifier model = await TrainAsync(Bad);
        Directory.CreateDirectory(_images["models"]);
        File.WriteAllText(ModelPath, "not this");

        await Assert.ThrowsAsync<InvalidWeightsException>(() => ModelReplacement.ReplaceAsync(ModelPath, model, _validation));
        Assert.Equal("not this", File.ReadAllText(ModelPath));

        ReplacementResult result = await ModelReplacement.ReplaceAsync(ModelPath, model, _validation, force: true);
        Assert.Equal((ReplacementOutcome.Replaced, null), (result.Outcome, result.Existing));
        Assert.Equal("not this", File.ReadAllText(PreviousPath));
    }

    [Fact]
    public async Task ReplaceAsync_Canceled_ChangesNothing()
    {
        using ImageClassifier model = await TrainAsync(Bad);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelReplacement.ReplaceAsync(ModelPath, model, _validation, cancellationToken: stop.Token));
        Assert.False(File.Exists(ModelPath));
    }

    private async Task<ImageClassifier> TrainAsync(FineTuneOptions options) => (await new FineTuneTrainer(options).FitAsync(_train, _validation)).TakeClassifier();
}
