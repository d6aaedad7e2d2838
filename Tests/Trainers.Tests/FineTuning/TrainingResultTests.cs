using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

public sealed class TrainingResultTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 2, LearningRate = 0.05, Compute = new() { Threads = 2 } };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Members_OfAResult_AreThoseOfItsClassifier()
    {
        using TrainingResult result = await FitAsync(new FineTuneTrainer(Small));
        string path = _images["model.safetensors"];
        result.Save(path);

        using ImageClassifier again = ImageClassifier.Load(path);
        Assert.Equal(again.Predict(_images["red/0.png"]).Scores, result.Predict(_images["red/0.png"]).Scores);
        Assert.Equal(result.Validation!.Accuracy, result.Evaluate(ImageFolder.Open(_images.Root).HoldOutEveryNth(4).Validation).Accuracy);
        Assert.Equal("test_tiny, 3 classes (blue, green, red), 32 x 32 pixels", again.ToString());
        Assert.Equal(again.ToString(), result.Classifier.ToString());
        Assert.Equal(again.ToString(), result.Model.ToString());
    }

    [Fact]
    public async Task Dispose_BeforeAndAfterUse_FreesOnce()
    {
        TrainingResult result = await FitAsync(new FineTuneTrainer(Small));
        ImageClassifier classifier = result.Classifier;
        result.Dispose();
        result.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Predict(_images["red/0.png"]));
        Assert.Throws<ObjectDisposedException>(() => result.Classifier);
    }

    [Fact]
    public async Task ToString_ClockThatStands_SaysWhatWasTrained()
    {
        using TrainingResult result = await FitAsync(new FineTuneTrainer(Small) { TimeProvider = new FakeTimeProvider() });

        Assert.Equal(TimeSpan.Zero, result.Elapsed);
        Assert.All(result.Epochs, epoch => Assert.Equal(0, epoch.Time));
        FormattableString best = $"best epoch {result.BestEpoch!.Epoch}: validation accuracy {100 * result.BestEpoch.ValAccuracy:0.0} %, loss {result.BestEpoch.ValLoss:0.0000}";
        Assert.Equal("test_tiny, 2 of 2 epochs in 0:00:00, " + FormattableString.Invariant(best), result.ToString());
    }

    [Fact]
    public async Task Logger_Run_HearsStartEpochsSkippedFilesAndEnd()
    {
        var log = new LogRecorder();
        File.WriteAllText(_images["red/broken.png"], "no image");

        using TrainingResult result = await FitAsync(new FineTuneTrainer(Small) { Logger = log });

        string skipped = Assert.Single(result.Skipped).Path;
        Assert.Equal(result.Warnings.Count + 5, log.Entries.Count);
        Assert.StartsWith("Training test_tiny (All) on ", Single(log, LogLevel.Information, "Training test").Message);
        Assert.Equal(2, log.Entries.Count(entry => entry.Message.StartsWith("Epoch ", StringComparison.Ordinal)));
        Assert.Contains(skipped, Single(log, LogLevel.Warning, skipped).Message);
        Assert.StartsWith("Training ended after 2 epochs", log.Entries[^1].Message);
    }

    [Fact]
    public async Task Logger_FailedRun_HearsTheFailure()
    {
        var log = new LogRecorder();
        FineTuneOptions options = Small with { Weights = _images["none.safetensors"] };
        await Assert.ThrowsAnyAsync<IOException>(() => FitAsync(new FineTuneTrainer(options) { Logger = log }));
        Assert.Equal((LogLevel.Error, "Training failed."), log.Entries[^1]);
    }

    private static (LogLevel Level, string Message) Single(LogRecorder log, LogLevel level, string start) =>
        Assert.Single(log.Entries, entry => entry.Level == level && entry.Message.StartsWith(start, StringComparison.Ordinal));

    private Task<TrainingResult> FitAsync(FineTuneTrainer trainer)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        return trainer.FitAsync(train, validation);
    }
}
