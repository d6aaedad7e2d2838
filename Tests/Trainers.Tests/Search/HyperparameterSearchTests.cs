namespace MLClassify.Trainers.Tests.Search;

public sealed class HyperparameterSearchTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, BatchSize = 8, Epochs = 12, Threads = 2 };

    private readonly ColorImageFolder _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public async Task RunAsync_Grid_RanksTrialsAndWritesThem()
    {
        var search = new HyperparameterSearch(Small, Rates(1e-7, 0.05).Grid()) { Folder = SearchFolder.Create(_pictures[".tune"]) };
        var progress = new ProgressRecorder<SearchProgress>();
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await search.RunAsync(train, validation, progress);

        Assert.Equal([2, 1], result.Outcomes.Select(o => o.Number));
        Assert.Equal("lr=0.05", result.Best!.Trial.ToString());
        Assert.Equal(2, progress.Reports.Count(p => p.Outcome is not null));
        Assert.Equal("trial,lr,accuracy,loss,best_epoch,seconds,note", File.ReadLines(search.Folder.Table).First());
        Assert.Contains("trial-002", File.ReadAllText(search.Folder.Page));
        Assert.Equal(12, FinishedRun.Read(search.Folder.TrialFolder(1)).Epochs.Count);
        string[] table = result.ToString().Split('\n');
        Assert.StartsWith("trial-002", table[1]);
        Assert.Contains("lr", table[0]);
    }

    [Fact]
    public async Task RunAsync_TrialThatDiverges_IsListedWithItsReason()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await new HyperparameterSearch(Small with { Schedule = ScheduleKind.Constant }, Rates(1000, 0.05).Grid()).RunAsync(train, validation);
        Assert.Equal(2, result.Outcomes.Count);
        Assert.Equal(2, result.Best!.Number);
        Assert.NotEmpty(result.ToString());
    }

    [Fact]
    public async Task RunAsync_Cancelled_HasWhatWasReached()
    {
        using var stop = new CancellationTokenSource();
        (ImageDataset train, ImageDataset validation) = Split();
        SearchResult result = await new HyperparameterSearch(Small, Rates(0.1, 0.05, 0.01).Grid())
            .RunAsync(train, validation, new ProgressRecorder<SearchProgress>(p => { if (p is { Number: 2, Training.Completed: not null }) stop.Cancel(); }), stop.Token);
        Assert.True(result.IsCancelled);
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
    public async Task RunAsync_TrialThatFails_KeepsWhatThoseBeforeCameTo()
    {
        (ImageDataset train, ImageDataset validation) = Split();
        var folder = SearchFolder.Create(_pictures[".failed"]);
        SearchSpace space = new SearchSpace().Vary("weights", ["none", _pictures["missing.safetensors"]], (options, weights) => options with { Weights = weights });
        var search = new HyperparameterSearch(Small with { Unfreeze = Unfreeze.All }, space.Grid()) { Folder = folder };

        await Assert.ThrowsAnyAsync<IOException>(() => search.RunAsync(train, validation));

        Assert.Contains("trial-001", File.ReadAllText(folder.Page), StringComparison.Ordinal);
        Assert.StartsWith("trial,", File.ReadAllText(folder.Table), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FolderInUse_TakesAFreeNameBeside()
    {
        string path = _pictures[".tune"];
        Assert.Equal(path, SearchFolder.Create(path).FullPath);
        Assert.Equal(path + "-2", SearchFolder.Create(path).FullPath);
    }

    private static SearchSpace Rates(params double[] rates) => new SearchSpace().Vary("lr", rates, (options, value) => options with { LearningRate = value });

    private (ImageDataset Train, ImageDataset Validation) Split() => ImageFolder.Open(_pictures.Root).SplitEvery(4);
}
