using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

public sealed class FineTuneTrainerTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 2,
        Augmentation = "standard",
        Compute = new() { Threads = 2 },
    };

    private readonly ColorImageFolder _images = new();
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;

    public FineTuneTrainerTests() => (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task FitAsync_FromScratch_LearnsAndKeepsTheBestEpoch()
    {
        FineTuneOptions options = Small with { LearningRate = 0.05, Epochs = 30 };
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation);

        Assert.Equal(1, result.Validation!.Accuracy);
        Assert.Equal(30, result.Epochs.Count);
        Assert.False(result.IsCanceled);
        Assert.Equal(result.Epochs.Max(e => e.ValAccuracy), result.BestEpoch!.ValAccuracy);
        Assert.Equal(_validation.Count, result.Validation.Images);
        Assert.Equal(_validation.Samples.Select(s => s.Path), result.Validation.Predictions.Select(p => p.Path));
    }

    [Fact]
    public async Task FitAsync_EmbeddedWeights_StartsFromThemAndSaysSo()
    {
        string file = _images["embedded.safetensors"];
        using (TrainingResult first = await new FineTuneTrainer(Small).FitAsync(_train, _validation))
        {
            first.Model.Save(file);
        }

        using var cache = new WeightsCache(new WeightsCacheOptions
        {
            Folder = _images["weights"],
            IsOffline = true,
            PackageFolder = _images["packages"],
            Embedded = new EmbeddedBackbone(TinyNetwork.Name, () => WeightFile.Open(file)),
        });
        var resolver = new WeightResolver(cache);
        FineTuneOptions options = Small with { Weights = WeightSelection.Embedded };

        using TrainingResult embedded = await new FineTuneTrainer(options) { Resolver = resolver }.FitAsync(_train, _validation);

        Assert.Equal((WeightSelection.Embedded, 37), (embedded.Options.Weights, embedded.Model.Preprocessing.ResizeSize));
        using IWeightFile expected = WeightFile.Open(file);
        float[] values = new float[8 * 3 * 3 * 3];
        expected.Read("stage1.conv.weight", values);
        Assert.Equal(values, embedded.Model.Parameters.Export("stage1.conv.weight"));
    }

    [Fact]
    public async Task FitAsync_PublishedWeightsThatCannotBeHad_SaysSo()
    {
        using var cache = new WeightsCache(new WeightsCacheOptions { Folder = _images["weights"], IsOffline = true, PackageFolder = _images["packages"] });
        var trainer = new FineTuneTrainer(Small with { Backbone = "resnet18", Weights = WeightSelection.Pretrained }) { Resolver = new WeightResolver(cache) };

        var thrown = await Assert.ThrowsAsync<WeightsUnavailableException>(() => trainer.FitAsync(_train, _validation));

        Assert.Contains("resnet18-f37072fd.pth", thrown.Message);
    }

    [Theory]
    [InlineData(TrainableLayers.All)]
    [InlineData(TrainableLayers.Head)]
    public async Task FitAsync_SameSeed_SameBytesWhateverTheThreads(TrainableLayers unfreeze)
    {
        FineTuneOptions options = Small with { TrainableLayers = unfreeze };
        byte[] one = await TrainedBytes(options with { Compute = options.Compute with { Threads = 1, LoaderThreads = 1 } });
        byte[] two = await TrainedBytes(options with { Compute = options.Compute with { Threads = 2, LoaderThreads = 3 } });
        byte[] other = await TrainedBytes(options with { Seed = 7 });

        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public async Task FitAsync_LinearHead_IsSolvedWithTheSameBytesWhateverTheThreads()
    {
        FineTuneOptions options = Small with { TrainableLayers = TrainableLayers.Head, Epochs = null };
        var progress = new ProgressRecorder<TrainingProgress>();
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation, progress);

        Assert.Equal(OptimizerKind.Lbfgs, result.Options.Optimizer.Kind);
        EpochResult row = Assert.Single(result.Epochs);
        Assert.Equal(row, result.BestEpoch);
        Assert.Equal((result.Validation!.Accuracy, result.Validation.Loss), (row.ValAccuracy, row.ValLoss));
        Assert.Equal(result.Validation.Correct, result.Evaluate(_validation).Correct);
        Assert.Single(result.Regularization, p => p.IsChosen);
        TrainingProgress[] solving = [.. progress.Reports.Where(r => r.Phase == TrainingPhase.Solving)];
        Assert.Equal(result.Regularization.Count + 2, solving.Length);
        Assert.Equal(row, solving[^1].Completed);
        Assert.Contains("head solved", result.ToString());

        byte[] one = await TrainedBytes(options with { Compute = options.Compute with { Threads = 1, LoaderThreads = 1 } });
        Assert.Equal(one, await TrainedBytes(options with { Compute = options.Compute with { Threads = 3, LoaderThreads = 2 } }));
        Assert.NotEqual(one, await TrainedBytes(options with { Seed = 7 }));
    }

    [Fact]
    public async Task FitAsync_HeadThatIsNoSingleLayer_IsTrainedInStepsAndSaysSo()
    {
        FineTuneOptions options = Small with { TrainableLayers = TrainableLayers.Head, Epochs = null, Backbone = TwoLayers.Name };
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation);

        Assert.Equal((OptimizerKind.Adam, 30), (result.Options.Optimizer.Kind, result.Epochs.Count));
        Assert.Contains(result.Warnings, w => w.Contains("not one linear layer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FitAsync_LossStillFalling_SaysSo()
    {
        using TrainingResult early = await new FineTuneTrainer(Small with { LearningRate = 0.002, Epochs = 6, Schedule = Small.Schedule with { Kind = ScheduleKind.Constant } }).FitAsync(_train, _validation);
        Assert.Contains(early.Warnings, w => w.Contains("the loss still fell", StringComparison.Ordinal));

        using TrainingResult still = await new FineTuneTrainer(Small with { LearningRate = 1e-12, Epochs = 6, Schedule = Small.Schedule with { Kind = ScheduleKind.Constant } }).FitAsync(_train, _validation);
        Assert.DoesNotContain(still.Warnings, w => w.Contains("the loss still fell", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FitAsync_CanceledWhileTheHeadIsSolved_HasNoModel()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new ProgressRecorder<TrainingProgress>(r =>
        {
            if (r.Phase == TrainingPhase.Solving)
            {
                cancellation.Cancel();
            }
        });
        FineTuneOptions options = Small with { TrainableLayers = TrainableLayers.Head, Epochs = null };
        OperationCanceledException error = await Assert.ThrowsAsync<OperationCanceledException>(
            () => new FineTuneTrainer(options).FitAsync(_train, _validation, progress, cancellation.Token));

        Assert.Contains("no model", error.Message);
    }

    [Fact]
    public async Task FitAsync_HeadOnPretrainedWeights_LeavesTheBackboneAlone()
    {
        string weights = WriteWeights("squeezenet1_1", classes: 7);
        FineTuneOptions options = Small with { Backbone = "squeezenet1_1", Input = Small.Input with { ImageSize = 32 }, Weights = weights, Epochs = 3 };
        var progress = new ProgressRecorder<TrainingProgress>();
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation, progress);

        using SafetensorsReader before = SafetensorsReader.Open(weights);
        Parameter convolution = result.Model.Graph.Parameters.First(p => p.Role == ParameterRole.ConvolutionWeight);
        Assert.Equal(before.Read(convolution.Name), result.Model.Parameters.Export(convolution.Name));
        Assert.Equal(HeadKind.Linear, result.Model.Network.Head);

        int features = progress.Reports.Count(r => r.Phase == TrainingPhase.Features);
        Assert.Equal(3 + 1, features);
        Assert.Equal(3, result.Epochs.Count);
    }

    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task FitAsync_HiddenHead_IsTrainedAndKnownToTheModel(TrainableLayers unfreeze)
    {
        string weights = WriteWeights("cifar_resnet20", classes: 7);
        FineTuneOptions options = Small with
        {
            Backbone = "cifar_resnet20",
            Input = Small.Input with { ImageSize = 16 },
            Weights = weights,
            TrainableLayers = unfreeze,
            Head = Small.Head with { Kind = HeadKind.Mlp, Width = 24, Dropout = 0.25 },
        };
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation);

        Assert.Equal(HeadKind.Mlp, result.Model.Network.Head);
        Assert.Equal(24, result.Model.Network.HeadWidth);
        Assert.Equal(0.25f, result.Model.Network.Dropout);
        Assert.Equal(["linear.0.weight", "linear.0.bias", "linear.3.weight", "linear.3.bias"], result.Model.Graph.HeadParameters.Select(p => p.Name));
        Assert.All(result.Model.Parameters.Export("linear.3.bias"), v => Assert.NotEqual(0, v));
        Assert.Equal((16, 16), (result.Model.Preprocessing.ResizeSize, result.Model.Preprocessing.CropSize));

        string path = _images["hidden.safetensors"];
        result.Model.Save(path);
        using TrainedModel loaded = TrainedModel.Load(path);
        Assert.Equal(result.Model.Network, loaded.Network);
        Assert.All(loaded.Graph.Parameters, p => Assert.Equal(result.Model.Parameters.Export(p.Name), loaded.Parameters.Export(p.Name)));
    }

    [Fact]
    public async Task FitAsync_NativeHeadThatIsNoLinearLayerAlone_SaysSo()
    {
        FineTuneOptions options = Small with { Backbone = "squeezenet1_1", Input = Small.Input with { ImageSize = 32 }, TrainableLayers = TrainableLayers.Head, Head = Small.Head with { Kind = HeadKind.Original } };
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new FineTuneTrainer(options).FitAsync(_train, _validation));
        Assert.Contains("squeezenet1_1: its original head is no linear layer", error.Message);
    }

    [Fact]
    public async Task FitAsync_Progress_CountsEveryBatchAndEndsEveryEpoch()
    {
        var progress = new ProgressRecorder<TrainingProgress>();
        using TrainingResult result = await new FineTuneTrainer(Small).FitAsync(_train, _validation, progress);

        Assert.Equal([1, 2], progress.Reports.Where(r => r.Completed is not null).Select(r => r.Completed!.Epoch));
        TrainingProgress[] training = [.. progress.Reports.Where(r => r.Phase == TrainingPhase.Training)];
        Assert.Equal([1, 2, 3, 1, 2, 3], training.Select(r => r.Batch));
        Assert.All(training, r => Assert.Equal(3, r.Batches));
        Assert.All(training, r => Assert.True(double.IsFinite(r.TrainLoss)));
        Assert.Equal(progress.Reports.Select(r => r.Elapsed).Order(), progress.Reports.Select(r => r.Elapsed));
        Assert.Equal(TimeSpan.Zero, progress.Reports[^1].Remaining);
    }

    [Fact]
    public async Task FitAsync_CanceledInSecondEpoch_KeepsTheFirst()
    {
        using var stop = new CancellationTokenSource();
        var progress = new ProgressRecorder<TrainingProgress>(r =>
        {
            if (r is { Epoch: 2, Phase: TrainingPhase.Training })
            {
                stop.Cancel();
            }
        });
        using TrainingResult result = await new FineTuneTrainer(Small).FitAsync(_train, _validation, progress, stop.Token);

        Assert.True(result.IsCanceled);
        Assert.Equal(1, Assert.Single(result.Epochs).Epoch);
        Assert.NotNull(result.Validation);

        // The step under way was finished, so the last values are not the best ones.
        string name = result.Model.Graph.Parameters[0].Name;
        Assert.NotEqual(result.Model.Parameters.Export(name), result.Last.Export(name));
    }

    [Theory]
    [InlineData(TrainableLayers.All)]
    [InlineData(TrainableLayers.Head)]
    public async Task FitAsync_CanceledBeforeAnEpoch_HasNoModel(TrainableLayers unfreeze)
    {
        using var stop = new CancellationTokenSource();
        var trainer = new FineTuneTrainer(Small with { TrainableLayers = unfreeze });
        var progress = new ProgressRecorder<TrainingProgress>(_ => stop.Cancel());

        OperationCanceledException atOnce = await Assert.ThrowsAsync<OperationCanceledException>(() => trainer.FitAsync(_train, _validation, null, new CancellationToken(true)));
        OperationCanceledException inFirst = await Assert.ThrowsAsync<OperationCanceledException>(() => trainer.FitAsync(_train, _validation, progress, stop.Token));

        Assert.All([atOnce, inFirst], e => Assert.Contains("no model", e.Message));
    }

    [Fact]
    public async Task FitAsync_RateFarTooHigh_StopsWithStepAndRate()
    {
        FineTuneOptions options = Small with { Backbone = "squeezenet1_1", Input = Small.Input with { ImageSize = 32 }, LearningRate = 1000, Epochs = 20 };
        TrainingDivergedException error = await Assert.ThrowsAsync<TrainingDivergedException>(() => new FineTuneTrainer(options).FitAsync(_train, _validation));
        error.Result?.Dispose();
        Assert.Contains($"at step {error.Step} (epoch {error.Epoch})", error.Message);
        Assert.True(error.Step > 1);
    }

    [Fact]
    public async Task FitAsync_UnreadableFiles_LeavesThemOutAndSaysSo()
    {
        File.WriteAllText(_train.Samples[0].Path, "no image at all");
        File.WriteAllText(_validation.Samples[0].Path, "nor this");
        using TrainingResult result = await new FineTuneTrainer(Small with { Epochs = 1 }).FitAsync(_train, _validation);

        Assert.Equal([_train.Samples[0].Path, _validation.Samples[0].Path], result.Skipped.Select(s => s.Path));
        Assert.Equal(_validation.Count - 1, result.Validation!.Images);
    }

    [Fact]
    public async Task FitAsync_Patience_StopsEarly()
    {
        // A rate of almost nothing leaves the first epoch the best.
        FineTuneOptions options = Small with { TrainableLayers = TrainableLayers.Head, LearningRate = 1e-12, Epochs = 50, Patience = 2 };
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation);
        Assert.InRange(result.Epochs.Count, 3, 20);
        Assert.Equal(result.Epochs.Count - 2, result.BestEpoch!.Epoch);
    }

    [Fact]
    public async Task FitAsync_WeightsOfAnotherNetwork_SaysSo()
    {
        string weights = WriteWeights("mobilenet_v2", classes: 3);
        InvalidWeightsException error = await Assert.ThrowsAsync<InvalidWeightsException>(
            () => new FineTuneTrainer(Small with { Weights = weights }).FitAsync(_train, _validation));
        Assert.Contains("another network", error.Message);
    }

    [Fact]
    public async Task FitAsync_ClassNamesDiffer_Throws()
    {
        var other = new ImageDataset(["a", "b", "c"], _validation.Samples);
        await Assert.ThrowsAsync<ArgumentException>(() => new FineTuneTrainer(Small).FitAsync(_train, other));
    }

    [Fact]
    public async Task FitAsync_NothingHeldOut_Throws()
    {
        var empty = new ImageDataset(_train.ClassNames, []);
        InvalidDatasetException error = await Assert.ThrowsAsync<InvalidDatasetException>(() => new FineTuneTrainer(Small).FitAsync(_train, empty));
        Assert.Contains("no validation images", error.Message);
    }

    private async Task<byte[]> TrainedBytes(FineTuneOptions options)
    {
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation);
        string path = _images[$"{Guid.NewGuid()}.safetensors"];
        result.Model.Save(path);
        return File.ReadAllBytes(path);
    }

    private string WriteWeights(string network, int classes) => SeededWeights.Write(_images[$"{network}.safetensors"], network, classes, size: 64, seed: 5);
}
