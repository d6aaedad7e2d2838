using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Search;

public sealed class HyperparameterSearchTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 12, Compute = new() { Threads = 2 } };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task RunAsync_WithARun_TellsItOfEveryTrial()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        var run = new SearchLog(_images[".checkpoint.safetensors"]);
        SearchSpace space = new SearchSpace()
            .Vary("weights", ["none", _images["missing.safetensors"]], (options, weights) => options with { Weights = weights });
        var search = new HyperparameterSearch(Small with { Epochs = 1, Schedule = Small.Schedule with { Kind = ScheduleKind.Constant }, TrainableLayers = TrainableLayers.All }, space.Grid()) { Run = run };

        await Assert.ThrowsAnyAsync<IOException>(() => search.RunAsync(train, validation));

        Assert.Equal(["create 1", "begin", "epoch 1", "best", "complete", "1 trials", "end: 1 trials"], run.Events);
    }

    [Fact]
    public async Task RunAsync_TrialThatDiverges_IsListedWithItsReason()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await new HyperparameterSearch(Small with { Schedule = Small.Schedule with { Kind = ScheduleKind.Constant } }, Rates(1000, 0.05).Grid()).RunAsync(train, validation);
        Assert.Equal(2, result.Outcomes.Count);
        Assert.Equal(2, result.Best!.Number);
        Assert.Contains("best: lr=0.05", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TrainTrial_TrainsInPlaceOfTheSearch()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        var run = new SearchLog(_images[".checkpoint.safetensors"]);
        var rates = new List<double?>();
        var search = new HyperparameterSearch(Small with { Epochs = 1 }, Rates(0.1, 0.05).Grid())
        {
            Run = run,
            TrainTrial = (place, options, token) =>
            {
                rates.Add(options.LearningRate);
                return new FineTuneTrainer(options).FitAsync(train, validation, progress: null, token);
            },
        };
        SearchResult result = await search.RunAsync(train, validation);
        Assert.Equal([0.1, 0.05], rates);
        Assert.Equal([1, 2], result.Outcomes.Select(o => o.Number).Order());
        Assert.Equal(["1 trials", "2 trials", "end: 2 trials"], run.Events);
    }

    [Fact]
    public async Task RunAsync_Canceled_HasWhatWasReached()
    {
        using var stop = new CancellationTokenSource();
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await new HyperparameterSearch(Small, Rates(0.1, 0.05, 0.01).Grid())
            .RunAsync(train, validation, new ProgressRecorder<SearchProgress>(p => { if (p is { Number: 2, Training.Completed: not null }) { stop.Cancel(); } }), stop.Token);
        Assert.True(result.IsCanceled);
        Assert.Equal(2, result.Outcomes.Count);
        Assert.Contains(result.Outcomes, o => o.Note == "ended early");
    }

    [Fact]
    public void Constructor_SettingOutOfRange_NamesTheTrial()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new HyperparameterSearch(Small, Rates(0.1, -1).Grid()));
        Assert.Contains("lr=-1", error.Message);
        Assert.Contains("LearningRate is -1", error.Message);
        Assert.Throws<ArgumentException>(() => new HyperparameterSearch(Small, []));
    }

    [Fact]
    public async Task RunAsync_WithATestPart_MeasuresTheBestTrialsModelOnIt()
    {
        (ImageDataset rest, ImageDataset test) = ImageFolder.Open(_images.Root).HoldOutEveryNth(3);
        (ImageDataset train, ImageDataset validation) = rest.HoldOutEveryNth(4);
        SearchResult result = await new HyperparameterSearch(Small, Rates(0.1, 0.0001).Grid()) { Test = test }.RunAsync(train, validation);
        using TrainingResult best = await new FineTuneTrainer(Small with { LearningRate = 0.1 }).FitAsync(train, validation);
        EvaluationResult expected = best.Evaluate(test);

        Assert.Equal(1, result.Best!.Number);
        Assert.Equal(test.Count, result.Test!.Images);
        Assert.Equal(expected.ConfusionMatrix.ToArray(), result.Test.ConfusionMatrix.ToArray());
        Assert.Equal(expected.Loss, result.Test.Loss);
        Assert.Contains($"on {test.Count} test images", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("The best of 2 trials", result.Caution, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_WithFolds_RanksByAllImages()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await new HyperparameterSearch(Small, Rates(0.1, 0.05).Grid()) { Folds = 3 }.RunAsync(train, validation);

        Assert.All(result.Outcomes, outcome => Assert.Equal(train.Count + validation.Count, outcome.Images));
        CrossValidationResult alone = await new CrossValidation(Small with { LearningRate = 0.1 }) { Folds = 3 }
            .RunAsync(new ImageDataset(train.ClassNames, train.Samples.Concat(validation.Samples)));
        Assert.Equal(alone.Pooled.Accuracy, result.Outcomes.Single(outcome => outcome.Number == 1).Accuracy);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task RunAsync_OneFold_IsRefused(int folds)
    {
        (ImageDataset train, ImageDataset validation) = Split();
        await Assert.ThrowsAsync<ArgumentException>(() => new HyperparameterSearch(Small, Rates(0.1).Grid()) { Folds = folds }.RunAsync(train, validation));
    }

    private static SearchSpace Rates(params double[] rates) => new SearchSpace().Vary("lr", rates, (options, value) => options with { LearningRate = value });

    private (ImageDataset Train, ImageDataset Validation) Split() => ImageFolder.Open(_images.Root).HoldOutEveryNth(4);

    /// <summary>Writes nothing and notes what it is told.</summary>
    private sealed class SearchLog(string checkpoint) : ISearchRun, ITrialRun
    {
        public List<string> Events { get; } = [];

        public string CheckpointPath => checkpoint;

        public ITrialRun CreateTrial(int number)
        {
            Events.Add($"create {number}");
            return this;
        }

        public void Begin(FineTuneOptions options, ImageDataset train, ImageDataset validation) => Events.Add("begin");

        public void EpochCompleted(IReadOnlyList<EpochResult> epochs, EpochResult? best) => Events.Add($"epoch {epochs.Count}");

        public void SaveBest(Action<string> save) => Events.Add("best");

        public void Complete(TrainingResult result) => Events.Add("complete");

        public void Abandon() => Events.Add("abandon");

        public void TrialCompleted(SearchResult soFar) => Events.Add($"{soFar.Outcomes.Count} trials");

        public void Complete(SearchResult result) => Events.Add($"end: {result.Outcomes.Count} trials");
    }
}
