using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Reports.Tests.Search;

public sealed class SearchFolderTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 12, Compute = new() { Threads = 2 } };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task SearchRun_Grid_RanksTrialsAndWritesThem()
    {
        var folder = SearchFolder.Create(_images[".tune"]);
        var search = new HyperparameterSearch(Small, Rates(1e-7, 0.05).Grid()) { Run = folder };
        var progress = new ProgressRecorder<SearchProgress>();
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await search.RunAsync(train, validation, progress);

        Assert.Equal([2, 1], result.Outcomes.Select(o => o.Number));
        Assert.Equal("lr=0.05", result.Best!.Trial.ToString());
        Assert.Equal(2, progress.Reports.Count(p => p.Outcome is not null));
        Assert.Equal("trial,lr,accuracy,loss,best_epoch,seconds,note,accuracy_low,accuracy_high,images", File.ReadLines(folder.Table).First());
        Assert.Contains("trial-002", File.ReadAllText(folder.Page));
        Assert.Equal(12, FinishedRun.Read(folder.TrialFolder(1)).Epochs.Count);
        string[] table = result.ToTable().Split('\n');
        Assert.StartsWith("trial-002", table[1]);
        Assert.Contains("lr", table[0]);
        Assert.Equal($"2 trials; best: lr=0.05 ({FormattableString.Invariant($"{100 * result.Best.Accuracy:0.0}")} %, 95 % interval {result.Best.AccuracyInterval})", result.ToString());
    }

    [Fact]
    public async Task SearchRun_TrialThatFails_KeepsWhatThoseBeforeCameTo()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        var folder = SearchFolder.Create(_images[".failed"]);
        SearchSpace space = new SearchSpace().Vary("weights", ["none", _images["missing.safetensors"]], (options, weights) => options with { Weights = weights });
        var search = new HyperparameterSearch(Small with { TrainableLayers = TrainableLayers.All }, space.Grid()) { Run = folder };

        await Assert.ThrowsAnyAsync<IOException>(() => search.RunAsync(train, validation));

        Assert.Contains("trial-001", File.ReadAllText(folder.Page), StringComparison.Ordinal);
        Assert.StartsWith("trial,", File.ReadAllText(folder.Table), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EarlierSearch_IsRefusedNumberedOrReplaced()
    {
        string path = _images[".tune"];
        SearchFolder first = SearchFolder.Create(path);
        RunFolder trial = RunFolder.Create(first.TrialFolder(1));
        File.WriteAllText(Path.Combine(path, "notes.txt"), "x");

        Assert.Throws<RunExistsException>(() => SearchFolder.Create(path));
        Assert.True(Directory.Exists(trial.FullPath));
        Assert.Equal(path + "-2", SearchFolder.Create(path, ExistingRun.Number).FullPath);
        Assert.Equal(path, SearchFolder.Create(path, ExistingRun.Replace).FullPath);
        Assert.False(Directory.Exists(trial.FullPath));
        Assert.True(File.Exists(Path.Combine(path, "notes.txt")));
    }

    [Fact]
    public void Create_FolderWithOtherThings_IsRefused() =>
        Assert.Contains("is not a search", Assert.Throws<IOException>(() => SearchFolder.Create(_images.Root)).Message);

    private static SearchSpace Rates(params double[] rates) => new SearchSpace().Vary("lr", rates, (options, value) => options with { LearningRate = value });

    private (ImageDataset Train, ImageDataset Validation) Split() => ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
}
