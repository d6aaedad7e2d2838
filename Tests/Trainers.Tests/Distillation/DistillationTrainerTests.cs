using Microsoft.Extensions.Time.Testing;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Distillation;

public sealed class DistillationTrainerTests : IDisposable
{
    private readonly ColorImageFolder _images = new();
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;
    private readonly DistillationOptions _small;

    public DistillationTrainerTests()
    {
        (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        _small = new DistillationOptions
        {
            Student = TinyNetwork.Name,
            Teachers = [new DistillationTeacher(TinyNetwork.Name, WriteTeacher(1)), new DistillationTeacher("squeezenet1_1", WriteTeacher(2, "squeezenet1_1"), 32)],
            BatchSize = 8,
            Epochs = 2,
            Views = 2,
            Threads = 2,
        };
    }

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task FitAsync_TeacherOfTheSameKind_ExplainsMostOfItsFeatures()
    {
        DistillationOptions options = _small with { Teachers = [_small.Teachers[0]], Epochs = 60, LearningRate = 0.02, MinCropScale = 0.5 };

        using DistillationResult result = await new DistillationTrainer(options).FitAsync(_train, _validation);

        Assert.Equal(60, result.Epochs.Count);
        Assert.True(result.Epochs[^1].TrainLoss < 0.3 * result.Epochs[0].TrainLoss, $"{result.Epochs[0]} to {result.Epochs[^1]}");
        Assert.InRange(result.Epochs[^1].Explained, 0.6, 1);
        Assert.False(result.IsCanceled);
        Assert.Equal(16, result.Backbone.Output.Shape.Channels);
    }

    [Fact]
    public async Task FitAsync_Logger_ReceivesStartEpochsAndEnd()
    {
        var log = new LogRecorder();
        using DistillationResult result = await new DistillationTrainer(_small) { Logger = log, TimeProvider = new FakeTimeProvider() }.FitAsync(_train, _validation);

        string[] messages = [.. log.Entries.Select(e => e.Message)];
        Assert.Equal(4, messages.Length);
        Assert.StartsWith($"Training {_small.Student} on the features of {_small.Teachers[0].Backbone}", messages[0], StringComparison.Ordinal);
        Assert.StartsWith("Epoch 1: training loss ", messages[1], StringComparison.Ordinal);
        Assert.StartsWith("Epoch 2: training loss ", messages[2], StringComparison.Ordinal);
        Assert.Equal("Training ended after 2 epochs and 0.0 s, canceled: False.", messages[3]);
    }

    [Fact]
    public async Task FitAsync_DivergingRun_LogsTheFailure()
    {
        var log = new LogRecorder();
        var trainer = new DistillationTrainer(_small with { LearningRate = 1000, Optimizer = OptimizerKind.Sgd, Epochs = 50 }) { Logger = log };
        await Assert.ThrowsAsync<TrainingDivergedException>(() => trainer.FitAsync(_train));
        Assert.Contains((Microsoft.Extensions.Logging.LogLevel.Error, "Training failed."), log.Entries);
    }

    [Fact]
    public async Task FitAsync_SameSeed_SameBytesWhateverTheThreads()
    {
        byte[] one = await TrainedBytes(_small with { Threads = 1 });
        byte[] two = await TrainedBytes(_small with { Threads = 2 });
        byte[] other = await TrainedBytes(_small with { Seed = 7 });

        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Save_SixteenBitsOrNot_LoadsAsABackboneForFineTuning(bool half)
    {
        string path = _images["student.safetensors"];
        using (DistillationResult result = await new DistillationTrainer(_small).FitAsync(_train))
        {
            result.Save(path, half);
            Assert.All(result.Epochs, e => Assert.True(double.IsNaN(e.Explained)));

            using SafetensorsReader reader = SafetensorsReader.Open(path);
            Assert.Equal(result.Backbone.Parameters.Select(p => p.Name), reader.Entries.Select(e => e.Name));
            Assert.All(reader.Entries, e => Assert.Equal(half && e.Dimensions.Count > 1 ? ElementType.F16 : ElementType.F32, e.Type));
            Assert.Equal(TinyNetwork.Name, reader.Metadata["backbone"]);
            Assert.DoesNotContain(_images.Root, reader.Metadata["distillation"], StringComparison.Ordinal);
            foreach (Parameter parameter in result.Backbone.Parameters)
            {
                // Half precision keeps eleven bits; the smallest step below 2^-14 is 2^-24.
                float[] expected = result.Parameters.Export(parameter.Name);
                Assert.All(expected.Zip(reader.Read(parameter.Name)), pair =>
                    Assert.InRange(Math.Abs(pair.First - pair.Second), 0, half ? (Math.Abs(pair.First) / 2048) + 6e-8f : 0));
            }
        }

        var options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = path, Epochs = 1, Compute = new() { Threads = 1 } };
        using TrainingResult trained = await new FineTuneTrainer(options).FitAsync(_train, _validation);
        Assert.Single(trained.Epochs);
    }

    [Fact]
    public async Task FitAsync_PackageAsTeacher_SeesImagesAsItsWeightsExpect()
    {
        var fake = new FakePackage("cifar_resnet20");
        using var cache = new WeightsCache(fake.In(_images["packages"], new WeightsCacheOptions { Folder = _images["weights"], IsOffline = true }));
        fake.Restore(_images["packages"], "0.23.1");
        var resolver = new WeightResolver(cache);
        InitialWeights package = (await resolver.ResolveAsync("cifar_resnet20", WeightSelection.Package(FakePackage.Id)))!;
        var description = new DistillationTeacher("cifar_resnet20", $"package:{FakePackage.Id}");

        using (Engine engine = ModelFactory.CreateEngine(new ComputeOptions { Threads = 1 }))
        using (Teacher teacher = Teacher.Load(description, package, engine))
        {
            Assert.Equal((ResizeRule.Stretch, ChannelOrder.Bgr, 1f), (teacher.Preprocessing.Resize, teacher.Preprocessing.ChannelOrder, teacher.Preprocessing.Scale));
            Assert.Equal(FakePackage.Mean[0], teacher.Preprocessing.Mean.Red, 1e-3f);
        }

        var trainer = new DistillationTrainer(_small with { Teachers = [description, _small.Teachers[0]] }) { Resolver = resolver };
        using DistillationResult result = await trainer.FitAsync(_train, _validation);
        Assert.Equal(2, result.Epochs.Count);
    }

    [Fact]
    public async Task FitAsync_TeacherWithoutWeights_Throws()
    {
        var trainer = new DistillationTrainer(_small with { Teachers = [new DistillationTeacher(TinyNetwork.Name, "none")] });
        Assert.Contains("has no weights", (await Assert.ThrowsAsync<ArgumentException>(() => trainer.FitAsync(_train))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FitAsync_Canceled_KeepsWhatWasReached()
    {
        using var source = new CancellationTokenSource();
        var trainer = new DistillationTrainer(_small with { Epochs = 50 })
        {
            EpochCompleted = result =>
            {
                if (result.Epochs.Count == 3)
                {
                    source.Cancel();
                }
            },
        };

        using DistillationResult result = await trainer.FitAsync(_train, _validation, null, source.Token);

        Assert.True(result.IsCanceled);
        Assert.Equal(3, result.Epochs.Count);
    }

    [Fact]
    public async Task FitAsync_UnreadableImage_IsLeftOutAndNamed()
    {
        string broken = _images["blue/broken.png"];
        File.WriteAllText(broken, "no image");
        ImageDataset train = ImageFolder.Open(_images.Root).Dataset;

        using DistillationResult result = await new DistillationTrainer(_small).FitAsync(train);

        Assert.Equal(broken, Assert.Single(result.Skipped).Path);
        Assert.All(result.Epochs, e => Assert.True(double.IsFinite(e.TrainLoss)));
    }

    [Fact]
    public async Task FitAsync_Progress_CountsTeachersThenEpochs()
    {
        var progress = new ProgressRecorder<DistillationProgress>();
        using DistillationResult result = await new DistillationTrainer(_small).FitAsync(_train, _validation, progress);

        DistillationProgress[] features = [.. progress.Reports.Where(r => r.Phase == TrainingPhase.Features)];
        Assert.Contains(features, r => r.Done == r.Total && r.Total == _train.Count * 2 * 2);
        Assert.Equal([1, 2], progress.Reports.Select(r => r.Completed?.Epoch).OfType<int>());
        Assert.All(progress.Reports, r => Assert.InRange(r.Done, 1, r.Total));
    }

    [Fact]
    public void Constructor_ValuesOutOfRange_AreNamed()
    {
        AssertNames(_small with { Teachers = [] }, "Teachers is empty");
        AssertNames(_small with { Views = 0 }, "Views is 0");
        AssertNames(_small with { MinCropScale = double.NaN }, "MinCropScale is NaN");
        AssertNames(_small with { Epochs = 0 }, "Epochs is 0");
        AssertNames(_small with { Student = "nothing" }, "'nothing'");
        AssertNames(_small with { Teachers = [new DistillationTeacher("nobody", "x")] }, "'nobody'");

        static void AssertNames(DistillationOptions options, string text) =>
            Assert.Contains(text, Assert.Throws<ArgumentException>(() => new DistillationTrainer(options)).Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> TrainedBytes(DistillationOptions options)
    {
        string path = _images["bytes.safetensors"];
        using DistillationResult result = await new DistillationTrainer(options).FitAsync(_train, _validation);
        result.Save(path);
        return File.ReadAllBytes(path);
    }

    private string WriteTeacher(ulong seed, string network = TinyNetwork.Name) =>
        SeededWeights.Write(_images[$"teacher{seed}.safetensors"], network, classes: 3, size: 32, seed);
}
