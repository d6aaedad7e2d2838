using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers.Tests.Runs.TensorBoard;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Add_Epoch_HasItsFiveFigures()
    {
        using TensorBoardLog log = TensorBoardLog.Create(_root.Root, time: new SteppingClock());
        log.Add(Epoch(3));
        Assert.Equal(
            [("loss/train", 0.5f), ("loss/val", 0.75f), ("accuracy/train", 0.875f), ("accuracy/val", 0.25f), ("learning_rate", 0.125f)],
            EventFile.Read(log.FilePath).Skip(1).Select(e => (e.Tag, e.Value!.Value)));
        Assert.All(EventFile.Read(log.FilePath).Skip(1), e => Assert.Equal(3, e.Step));
    }

    [Fact]
    public void Add_EpochWithoutValidation_LeavesItOut()
    {
        using TensorBoardLog log = TensorBoardLog.Create(_root.Root, time: new SteppingClock());
        log.Add(Epoch(1) with { ValLoss = null, ValAccuracy = null, TrainLoss = double.NaN });
        List<ReadEvent> events = EventFile.Read(log.FilePath);
        Assert.Equal(["loss/train", "accuracy/train", "learning_rate"], events.Skip(1).Select(e => e.Tag));
        Assert.Equal(float.NaN, events[1].Value);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    public void Add_Progress_IsLoggedOnRequest(bool logsSteps, int expected)
    {
        using TensorBoardLog log = TensorBoardLog.Create(_root.Root, logsSteps, new SteppingClock());
        log.Add(Progress(TrainingPhase.Features, 0, 5));
        log.Add(Progress(TrainingPhase.Training, 2, 0));
        log.Add(Progress(TrainingPhase.Training, 2, 7));
        log.Add(Progress(TrainingPhase.Evaluating, 2, 1));
        List<ReadEvent> events = EventFile.Read(log.FilePath);
        Assert.Equal(expected, events.Count - 1);
        Assert.All(events.Skip(1), e => Assert.Equal((17, true), (e.Step, e.Tag!.StartsWith("step/", StringComparison.Ordinal))));
    }

    [Fact]
    public void Add_ProgressThatEndsAnEpoch_WritesTheEpochOnce()
    {
        using TensorBoardLog log = TensorBoardLog.Create(_root.Root, logsSteps: true, new SteppingClock());
        log.Add(Progress(TrainingPhase.Evaluating, 2, 4) with { Completed = Epoch(2) });
        Assert.Equal(5, EventFile.Read(log.FilePath).Count - 1);
    }

    // A run that died in epoch 3, whose checkpoint has two epochs of ten batches: what comes after is written again.
    [Fact]
    public void Resume_FromACheckpoint_ContinuesWithoutRepeating()
    {
        using (TensorBoardLog log = TensorBoardLog.Create(_root.Root, logsSteps: true, new SteppingClock()))
        {
            Run(log, 1, 3);
        }

        string path;
        using (TensorBoardLog log = TensorBoardLog.Resume(_root.Root, epoch: 2, step: 20, logsSteps: true, new SteppingClock()))
        {
            Run(log, 3, 4);
            path = log.FilePath;
        }

        List<ReadEvent> events = EventFile.Read(path);
        Assert.Equal([1, 2, 3, 4], events.Where(e => e.Tag == "loss/val").Select(e => e.Step));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), events.Where(e => e.Tag == "step/loss").Select(e => e.Step));
        Assert.Single(events, e => e.FileVersion is not null);
    }

    private static void Run(TensorBoardLog log, int first, int last)
    {
        for (int epoch = first; epoch <= last; epoch++)
        {
            for (int batch = 1; batch <= 10; batch++)
            {
                log.Add(Progress(TrainingPhase.Training, epoch, batch));
            }

            log.Add(Epoch(epoch));
        }
    }

    private static EpochResult Epoch(int epoch) => new(epoch, 1.5, 0.5, 0.875, 0.75, 0.25, 0.125);

    private static TrainingProgress Progress(TrainingPhase phase, int epoch, int batch) => new()
    {
        Phase = phase,
        Epoch = epoch,
        Epochs = 5,
        Batch = batch,
        Batches = 10,
        TrainLoss = 0.5,
        TrainAccuracy = 0.75,
        LearningRate = 0.01,
        ImagesPerSecond = 100,
    };
}
