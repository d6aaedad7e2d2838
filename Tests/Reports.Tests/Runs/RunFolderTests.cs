using Microsoft.Extensions.Time.Testing;
using MLClassify.Trainers;

namespace MLClassify.Reports.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Create_EarlierRun_IsRefusedAndStays()
    {
        RunFolder run = RunFolder.Create(_root["flowers"]);
        File.WriteAllText(run.BestWeights, "good");

        RunExistsException error = Assert.Throws<RunExistsException>(() => RunFolder.Create(run.FullPath));

        Assert.Equal(run.FullPath, error.Folder);
        Assert.Equal("good", File.ReadAllText(run.BestWeights));
        Assert.Single(Directory.EnumerateDirectories(_root.Root));
    }

    [Fact]
    public void Create_EarlierRunNumbered_TakesAFreeName()
    {
        string wanted = _root["flowers"];
        string[] names = [.. Enumerable.Range(0, 3).Select(_ => Path.GetFileName(RunFolder.Create(wanted, ExistingRun.Number).FullPath))];
        Assert.Equal(["flowers", "flowers-2", "flowers-3"], names);
    }

    [Fact]
    public void Create_EarlierRunReplaced_RemovesItsFilesAlone()
    {
        RunFolder run = RunFolder.Create(_root["flowers"]);
        string[] own = [run.BestWeights, run.LastWeights, run.Checkpoint, Path.Combine(run.FullPath, "results.csv"), Path.Combine(run.FullPath, "report.html")];
        string note = Path.Combine(run.FullPath, "notes.txt");
        Assert.All([.. own, note], file => File.WriteAllText(file, "x"));

        Assert.Equal(run.FullPath, RunFolder.Create(run.FullPath, ExistingRun.Replace).FullPath);

        Assert.All(own, file => Assert.False(File.Exists(file)));
        Assert.True(File.Exists(note));
        Assert.Throws<RunExistsException>(() => RunFolder.Create(run.FullPath));
    }

    [Fact]
    public void Create_EmptyFolder_TakesIt()
    {
        string wanted = _root["empty"];
        Directory.CreateDirectory(wanted);
        Assert.Equal(wanted, RunFolder.Create(wanted).FullPath);
    }

    [Fact]
    public void Create_TrailingSeparator_IsTheSameFolder()
    {
        string wanted = _root["flowers"];
        Assert.Equal(wanted, RunFolder.Create(wanted + Path.DirectorySeparatorChar).FullPath);
    }

    [Fact]
    public void Create_FolderWithOtherThings_ThrowsAndTouchesNothing()
    {
        string file = _root["letter.txt"];
        File.WriteAllText(file, "dear");
        IOException error = Assert.Throws<IOException>(() => RunFolder.Create(_root.Root));
        Assert.Contains("not a run", error.Message);
        Assert.Equal(file, Assert.Single(Directory.GetFileSystemEntries(_root.Root)));
    }

    [Fact]
    public void Create_FileOfTheName_Throws()
    {
        string file = _root["flowers"];
        File.WriteAllText(file, "");
        Assert.Throws<IOException>(() => RunFolder.Create(file));
    }

    [Fact]
    public void EpochCompleted_WithinASecond_WaitsWithTheHistory()
    {
        var time = new FakeTimeProvider();
        ITrainingRun run = RunFolder.Create(_root["flowers"], time: time);
        string history = _root["flowers/results.csv"];
        List<EpochResult> epochs = [];
        void Complete()
        {
            epochs.Add(new EpochResult(epochs.Count + 1, 1, 1, 0, 1, 0, 0.1));
            run.EpochCompleted(epochs, epochs[0]);
        }

        Complete();
        Complete();
        Assert.Single(ResultsFile.Read(history));
        time.Advance(TimeSpan.FromSeconds(1));
        Complete();
        Assert.Equal(3, ResultsFile.Read(history).Count);
    }

    [Fact]
    public void Abandon_NoResult_LeavesNothing()
    {
        RunFolder run = RunFolder.Create(_root["flowers"]);
        run.Abandon();
        Assert.False(Directory.Exists(run.FullPath));
    }

    [Fact]
    public void Abandon_Results_KeepsThem()
    {
        RunFolder run = RunFolder.Create(_root["flowers"]);
        var epoch = new EpochResult(1, 1, 1, 0.5, 1, 0.5, 0.1);
        ((ITrainingRun)run).EpochCompleted([epoch], epoch);
        run.Abandon();
        Assert.True(File.Exists(Path.Combine(run.FullPath, "results.csv")));
        Assert.True(File.Exists(Path.Combine(run.FullPath, "args.json")));
    }
}
