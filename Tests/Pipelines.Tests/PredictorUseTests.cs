using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Testing.Engines;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

/// <summary>How often a classifier prepares its network, and that images in memory are as good as files.</summary>
public sealed class PredictorUseTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 2, Input = new() { ImageSize = 32 }, Compute = new() { Threads = 2 } };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Classifier_BulkCalls_ShareOneSession()
    {
        var engine = new CountingEngine(new CpuEngine(threads: 2));
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        string[] files = [.. all.Samples.Select(s => s.Path)];
        Image[] images = [.. files.Select(file => Image.Load(file))];
        using (ImageClassifier model = await Trained(engine))
        {
            Assert.Empty(engine.Sessions);
            IReadOnlyList<FilePrediction> first = model.Predict(files);
            Assert.Equal([16], engine.Sessions);
            IReadOnlyList<FilePrediction> second = model.Predict(files);
            Assert.Equal(first.Select(p => p.Prediction!.Scores), second.Select(p => p.Prediction!.Scores));
            Assert.Equal(first.Select(p => p.Prediction!.Scores), model.Predict(images).Select(p => p.Scores));
            model.Predict(files, TestTimeViews.TenCrop);
            model.Predict(images[..2], TestTimeViews.Flip);
            model.Evaluate(all);
            model.Evaluate(all, TestTimeViews.Flip);
            Assert.Equal([16], engine.Sessions);

            model.Predict(files[0]);
            model.Predict(images[1], TestTimeViews.TenCrop);
            Assert.Equal([16, 1], engine.Sessions);

            using BatchPredictor predictor = model.CreateBatchPredictor(maxBatch: 5);
            for (int i = 0; i < 2; i++)
            {
                using PreparedImage prepared = predictor.Prepare(images[i]);
                predictor.Predict([prepared]);
            }

            Assert.Equal([16, 1, 5], engine.Sessions);
        }

        Assert.Equal(0, engine.OpenSessions);
    }

    [Fact]
    public async Task Dispose_DuringABulkCall_EndsIt()
    {
        var engine = new CountingEngine(new CpuEngine(threads: 2));
        string[] files = [.. ImageFolder.Open(_images.Root).Samples.Select(s => s.Path)];
        ImageClassifier model = await Trained(engine);
        using var began = new SemaphoreSlim(0);
        using var mayGoOn = new SemaphoreSlim(0);
        engine.BeforeRun = _ =>
        {
            began.Release();
            mayGoOn.Wait(Waiting.Limit);
        };
        Task bulk = Task.Run(() => model.Predict(files));
        await began.WaitAsync().OrHang();

        Task end = Task.Run(model.Dispose);
        await Waiting.UntilAsync(() => Throws(() => model.CreateBatchPredictor(), end));
        mayGoOn.Release(2);

        await end.OrHang();
        await bulk.OrHang().ContinueWith(task => Assert.True(task.IsCompletedSuccessfully || task.Exception!.InnerException is ObjectDisposedException), TaskScheduler.Default);
        Assert.Equal(0, engine.OpenSessions);
        Assert.Throws<ObjectDisposedException>(() => model.Predict(files));
        Assert.Throws<ObjectDisposedException>(() => model.Predict(new Image(9, 9)));
        Assert.Throws<ObjectDisposedException>(() => model.Predict([new Image(9, 9)]));
        Assert.Throws<ObjectDisposedException>(() => model.Evaluate(ImageFolder.Open(_images.Root).Dataset));
    }

    // The head on stored features, and all layers on batches of images.
    [Theory]
    [InlineData(TrainableLayers.Head)]
    [InlineData(TrainableLayers.All)]
    public async Task Fit_ImagesInMemory_GivesTheBitsOfFiles(TrainableLayers unfreeze)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        FineTuneOptions options = Small with { TrainableLayers = unfreeze };
        string files = await Train(options, train, validation, "files.safetensors");

        // The same split of the same images, in a file's record too.
        (ImageDataset learned, ImageDataset heldOut) = InMemory(ImageFolder.Open(_images.Root).Dataset).HoldOutEveryNth(4);
        string memory = await Train(options, learned, heldOut, "memory.safetensors");

        Assert.Equal(File.ReadAllBytes(files), File.ReadAllBytes(memory));
        using ImageClassifier classifier = ImageClassifier.Load(files, threads: 2);
        Assert.Equal(Measure(classifier, validation), Measure(classifier, InMemory(validation)));
        Assert.Equal(Enumerable.Range(0, validation.Count).Select(i => $"image {i:000}"), classifier.Evaluate(InMemory(validation)).Predictions.Select(p => p.Path));
        Assert.All(validation.Samples, sample => Assert.Equal(
            classifier.Predict(sample.Path).Scores, classifier.Predict(ImageSample.FromBytes("upload", File.ReadAllBytes(sample.Path), 0).LoadImage()).Scores));
    }

    private static (double Loss, string Predictions) Measure(ImageClassifier classifier, ImageDataset images)
    {
        var result = classifier.Evaluate(images);
        return (result.Loss, string.Join(' ', result.Predictions.Select(p => FormattableString.Invariant($"{p.TrueLabel}/{p.PredictedLabel}/{p.Probability:R}"))));
    }

    private async Task<string> Train(FineTuneOptions options, ImageDataset train, ImageDataset validation, string name)
    {
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(train, validation);
        result.Model.Save(_images[name]);
        return _images[name];
    }

    private static ImageDataset InMemory(ImageDataset files) => new(
        files.ClassNames, files.Samples.Select((sample, i) => ImageSample.FromBytes($"image {i:000}", File.ReadAllBytes(sample.Path), sample.Label)));

    private static bool Throws(Action action, Task end)
    {
        try
        {
            action();
            return end.IsCompleted;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    // A trained model's parts with the same values on another engine, which is disposed with the classifier.
    private async Task<ImageClassifier> Trained(Engine engine)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        string path = await Train(Small with { Epochs = 1 }, train, validation, "model.safetensors");
        using TrainedModel model = TrainedModel.Load(path, new ComputeOptions { Threads = 2 });
        ParameterStore parameters = engine.CreateParameters(model.Graph.Parameters);
        foreach (string name in model.Graph.Parameters.Select(p => p.Name))
        {
            parameters.Import(name, model.Parameters.Export(name));
        }

        return new ImageClassifier(new TrainedModel(model.Network, model.Graph, model.Labels, model.Preprocessing, engine, parameters));
    }
}
