using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Reports.Tests.Runs;

/// <summary>A run that was interrupted anywhere ends with the bytes of one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    // Everything that has a state or a dependence on the position, in one run: stages, momentum, average, accumulation with a rest,
    // mixing, dropout, balanced order, augmentation, plateaus, warm-up.
    private static readonly FineTuneOptions Everything = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 4,
        Epochs = 3,
        Freezing = new() { Epochs = 1 },
        Optimizer = new() { AccumulationSteps = 2, EmaDecay = 0.9, ClipNorm = 0.5 },
        Regularization = new() { Mixup = 0.3, CutMix = 0.5, LabelSmoothing = 0.1 },
        Head = new() { Dropout = 0.3 },
        ClassBalance = new() { BalancedSampling = true, Weights = "balanced" },
        Schedule = new() { Kind = ScheduleKind.Plateau, PlateauPatience = 1, WarmupEpochs = 0.5 },
        LearningRate = 0.05,
        Compute = new() { Threads = 1 },
    };

    private readonly ColorImageFolder _images = new(perClass: 7);
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;
    private int _runs;

    public ResumeTests() => (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);

    public void Dispose() => _images.Dispose();

    public static TheoryData<OptimizerKind, bool> Kinds => new()
    {
        { OptimizerKind.Sgd, false },
        { OptimizerKind.Sgd, true },
        { OptimizerKind.AdamW, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task FitAsync_InterruptedAfterEveryReport_EndsWithTheSameBytes(OptimizerKind optimizer, bool reopens)
    {
        FineTuneOptions options = Everything with { Optimizer = Everything.Optimizer with { Kind = optimizer } };
        (byte[] best, byte[] last, string history) = await Uninterrupted(options);

        RunFolder run = NewRun(options);
        int interruptions = 0;
        while (true)
        {
            // Each time a little further: after reports 1, 2, 3, ... of this piece.
            using var stop = new CancellationTokenSource();
            int left = 1 + (interruptions % 3);
            var progress = new ProgressRecorder<TrainingProgress>(_ =>
            {
                if (--left == 0)
                {
                    stop.Cancel();
                }
            });
            RunFolder folder = reopens ? RunFolder.Open(run.FullPath) : run;
            var trainer = new FineTuneTrainer(options with { Compute = options.Compute with { Threads = 1 + (interruptions % 2) } }) { Run = folder, Resume = true };
            using TrainingResult? result = await OrNothingAsync(trainer.FitAsync(_train, _validation, progress, stop.Token));
            if (result is null or { IsCanceled: true })
            {
                interruptions++;
                Assert.True(interruptions < 200);
                continue;
            }

            folder.Write(result);
            break;
        }

        Assert.True(interruptions > 5);
        Assert.Equal(history, History(run));
        Assert.Equal(best, File.ReadAllBytes(run.BestWeights));
        Assert.Equal(last, File.ReadAllBytes(run.LastWeights));
        Assert.False(File.Exists(run.Checkpoint));
    }

    // Null where it was canceled before the first epoch was over.
    private static async Task<TrainingResult?> OrNothingAsync(Task<TrainingResult> training)
    {
        try
        {
            return await training;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // What a kill leaves is the checkpoint of some moment before it: every one that is written must lead to the same end.
    [Fact]
    public async Task FitAsync_FromEveryCheckpointThatWasWritten_EndsWithTheSameBytes()
    {
        FineTuneOptions options = Everything with { Optimizer = Everything.Optimizer with { Kind = OptimizerKind.Sgd } };
        (byte[] best, byte[] last, _) = await Uninterrupted(options);
        RunFolder run = NewRun(options);
        var states = new List<byte[]>();
        var progress = new ProgressRecorder<TrainingProgress>(_ =>
        {
            if (File.Exists(run.Checkpoint) && (states.Count == 0 || !states[^1].AsSpan().SequenceEqual(File.ReadAllBytes(run.Checkpoint))))
            {
                states.Add(File.ReadAllBytes(run.Checkpoint));
            }
        });
        var trainer = new FineTuneTrainer(options) { Run = run, CheckpointEvery = TimeSpan.Zero };
        using (await trainer.FitAsync(_train, _validation, progress))
        {
        }

        Assert.True(states.Count >= 6, $"{states.Count} checkpoints");
        foreach (byte[] state in states)
        {
            RunFolder other = NewRun(options);
            File.WriteAllBytes(other.Checkpoint, state);
            using TrainingResult result = await new FineTuneTrainer(options) { Run = other, Resume = true }.FitAsync(_train, _validation);
            other.Write(result);
            Assert.Equal(best, File.ReadAllBytes(other.BestWeights));
            Assert.Equal(last, File.ReadAllBytes(other.LastWeights));
        }
    }

    [Fact]
    public async Task FitAsync_BatchThatWasFound_IsKeptInTheCheckpointAndTheRecord()
    {
        // The images allow 8; the run that is resumed would find that, too, were it not for its checkpoint.
        FineTuneOptions options = Everything with { FindBatchSize = true, Optimizer = new() { Kind = OptimizerKind.Sgd } };
        var found = new List<int>();
        RunFolder run = NewRun(options);
        await Interrupt(run, options);
        RunFolder smaller = NewRun(options);
        byte[] checkpoint = File.ReadAllBytes(run.Checkpoint);
        int place = checkpoint.AsSpan().IndexOf("\\\"batch_size\\\":8"u8);
        Assert.True(place > 0, System.Text.Encoding.UTF8.GetString(checkpoint.AsSpan(0, 400)));
        using (TrainingResult result = await new FineTuneTrainer(options) { Run = run, Resume = true, BatchSizeFound = found.Add }.FitAsync(_train, _validation))
        {
            Assert.Equal(8, result.Options.BatchSize);
        }

        checkpoint["\\\"batch_size\\\":".Length + place] = (byte)'4';
        File.WriteAllBytes(smaller.Checkpoint, checkpoint);
        using (TrainingResult result = await new FineTuneTrainer(options) { Run = smaller, Resume = true, BatchSizeFound = found.Add }.FitAsync(_train, _validation))
        {
            Assert.Equal(4, result.Options.BatchSize);
        }

        Assert.Equal([8, 4], found);
    }

    [Fact]
    public async Task FitAsync_CheckpointOfOtherOptions_SaysSo()
    {
        RunFolder run = NewRun(Everything);
        await Interrupt(run, Everything);
        InvalidWeightsException e = await Assert.ThrowsAsync<InvalidWeightsException>(
            () => new FineTuneTrainer(Everything with { Seed = 1 }) { Run = run, Resume = true }.FitAsync(_train, _validation));
        Assert.Contains("other options, other images", e.Message);
        Assert.Contains("checkpoint.safetensors", e.Message);
    }

    [Fact]
    public async Task FitAsync_DamagedCheckpoint_SaysSoAndLeavesItAlone()
    {
        RunFolder run = NewRun(Everything);
        await Interrupt(run, Everything);
        byte[] whole = File.ReadAllBytes(run.Checkpoint);
        var random = new Random(1);
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. whole];
            if (i % 2 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                damaged[random.Next(2_000)] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(run.Checkpoint, damaged);
            try
            {
                // A bit that only says how far the run was may go unnoticed here: nothing else may be thrown.
                using TrainingResult result = await new FineTuneTrainer(Everything) { Run = run, Resume = true }.FitAsync(_train, _validation, null, new CancellationToken(true));
            }
            catch (OperationCanceledException)
            {
            }
            catch (InvalidWeightsException e)
            {
                Assert.Contains("checkpoint.safetensors", e.Message);
                Assert.Equal(damaged, File.ReadAllBytes(run.Checkpoint));
            }
        }
    }

    // A folder that cannot be written, for the superuser too: a file stands in its place.
    [Fact]
    public async Task FitAsync_FolderCannotBeWritten_FailsWithTheFilesName()
    {
        RunFolder run = NewRun(Everything);
        string weights = Path.GetDirectoryName(run.Checkpoint)!;
        Directory.Delete(weights);
        File.WriteAllText(weights, "in the way");
        var error = await Assert.ThrowsAnyAsync<IOException>(() => new FineTuneTrainer(Everything) { Run = run }.FitAsync(_train, _validation));
        Assert.Contains("weights", error.Message);
        Assert.Equal("in the way", File.ReadAllText(weights));
    }

    private async Task Interrupt(RunFolder run, FineTuneOptions options)
    {
        using var stop = new CancellationTokenSource();
        int left = 9;
        var progress = new ProgressRecorder<TrainingProgress>(_ =>
        {
            if (--left == 0)
            {
                stop.Cancel();
            }
        });
        try
        {
            using TrainingResult result = await new FineTuneTrainer(options) { Run = run }.FitAsync(_train, _validation, progress, stop.Token);
            Assert.True(result.IsCanceled);
        }
        catch (OperationCanceledException)
        {
            // Before the first epoch was over.
            Assert.False(File.Exists(run.BestWeights));
        }

        Assert.True(File.Exists(run.Checkpoint));
    }

    private async Task<(byte[] Best, byte[] Last, string History)> Uninterrupted(FineTuneOptions options)
    {
        RunFolder run = NewRun(options);
        using TrainingResult result = await new FineTuneTrainer(options) { Run = run }.FitAsync(_train, _validation);
        run.Write(result);
        return (File.ReadAllBytes(run.BestWeights), File.ReadAllBytes(run.LastWeights), History(run));
    }

    private RunFolder NewRun(FineTuneOptions options)
    {
        RunFolder run = RunFolder.Create(_images[$".runs/{++_runs}"]);
        run.WriteArguments(new FineTuneTrainer(options).Options, _train, _validation);
        return run;
    }

    // All but the times.
    private static string History(RunFolder run) => string.Join('\n', ResultsFile.Read(Path.Combine(run.FullPath, "results.csv")).Select(e => e with { Time = 0 }));
}
