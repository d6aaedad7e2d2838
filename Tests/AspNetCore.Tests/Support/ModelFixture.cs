using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.AspNetCore.Tests.Support;

/// <summary>A tiny network that tells three colors apart, trained once, with its images.</summary>
public sealed class ModelFixture : IAsyncLifetime, IDisposable
{
    private readonly ColorImageFolder _images = new();

    public async Task InitializeAsync()
    {
        var options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 20, LearningRate = 0.05, Compute = new() { Threads = 2 } };
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        Classifier = (await new FineTuneTrainer(options).FitAsync(train, validation)).TakeClassifier();
        Path = _images["model.safetensors"];
        Classifier.Save(Path);
        Files = [.. ImageFolder.Open(_images.Root).Samples.Select(sample => sample.Path)];
    }

    public ImageClassifier Classifier { get; private set; } = null!;

    /// <summary>The model file.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The images, classes one after the other: PNG and JPEG.</summary>
    public string[] Files { get; private set; } = [];

    /// <summary>An image's bytes.</summary>
    public byte[] Image(int index = 0) => File.ReadAllBytes(Files[index]);

    /// <summary>The same network with other names for its classes.</summary>
    internal ImageClassifier WithLabels(params string[] labels) =>
        ImageClassification.FromWeights(TinyNetwork.Name, Path, labels, Classifier.Preprocessing);

    internal float[] Expected(byte[] encoded, int top = 5) => [.. Classifier.Predict(encoded.AsSpan()).Top(top).Select(entry => entry.Score)];

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Classifier.Dispose();
        _images.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class ModelCollection : ICollectionFixture<ModelFixture>
{
    public const string Name = "model";
}
