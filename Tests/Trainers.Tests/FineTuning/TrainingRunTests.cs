using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

/// <summary>What the trainer tells the place that a run is written to.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 3, LearningRate = 0.05, Compute = new() { Threads = 1 }, TrainableLayers = TrainableLayers.All };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task FitAsync_WholeNetwork_ReceivesEveryEpochAndEveryBestModel()
    {
        var run = new RunLog(_images);
        using TrainingResult result = await Fit(Small, run, TimeSpan.Zero);

        Assert.Equal([1, 2, 3], run.Histories.Select(h => h.Count));
        Assert.Equal(result.Epochs, run.Histories[^1]);
        Assert.Equal(result.BestEpoch, run.Bests[^1]);
        Assert.Equal(run.Bests.Distinct(), run.Saved.Select(s => s.Best));
        result.Model.Save(_images["result.safetensors"]);
        Assert.Equal(File.ReadAllBytes(_images["result.safetensors"]), run.Saved[^1].File);
        Assert.True(File.Exists(run.CheckpointPath));
    }

    [Fact]
    public async Task FitAsync_HeadAlone_ReceivesTheHistoryAlone()
    {
        var run = new RunLog(_images);
        string weights = SeededWeights.Write(_images["weights.safetensors"], TinyNetwork.Name, classes: 5, size: 64, seed: 5);
        using TrainingResult result = await Fit(Small with { TrainableLayers = TrainableLayers.Head, Weights = weights }, run, TimeSpan.Zero);

        Assert.Equal([1, 2, 3], run.Histories.Select(h => h.Count));
        Assert.Empty(run.Saved);
        Assert.False(File.Exists(run.CheckpointPath));
    }

    private Task<TrainingResult> Fit(FineTuneOptions options, ITrainingRun run, TimeSpan checkpointEvery)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        return new FineTuneTrainer(options) { Run = run, CheckpointEvery = checkpointEvery }.FitAsync(train, validation);
    }

    private sealed class RunLog(TemporaryFolder folder) : ITrainingRun
    {
        public string CheckpointPath { get; } = folder["checkpoint.safetensors"];

        public List<IReadOnlyList<EpochResult>> Histories { get; } = [];

        public List<EpochResult?> Bests { get; } = [];

        public List<(EpochResult? Best, byte[] File)> Saved { get; } = [];

        public void EpochCompleted(IReadOnlyList<EpochResult> epochs, EpochResult? best)
        {
            Histories.Add([.. epochs]);
            Bests.Add(best);
        }

        public void SaveBest(Action<string> save)
        {
            string path = folder["saved.safetensors"];
            save(path);
            Saved.Add((Bests[^1], File.ReadAllBytes(path)));
        }
    }
}
