using MLClassify.Imaging;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

public sealed class BatchPredictorTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("test_tiny", 32, TestTimeViews.None)]
    [InlineData("test_tiny", 32, TestTimeViews.TenCrop)]
    [InlineData("squeezenet1_1", 64, TestTimeViews.None)]
    [InlineData("resnet18", 64, TestTimeViews.Flip)]
    [InlineData("densenet121", 64, TestTimeViews.None)]
    [InlineData("mobilenet_v2", 64, TestTimeViews.None)]
    public async Task Predict_Images_GivesTheNumbersOfSingleOnes(string backbone, int size, TestTimeViews views)
    {
        using ImageClassifier model = await Train(backbone, size);
        Image[] images = Images();
        float[][] expected = [.. images.Select(image => model.Predict(image, views).Scores.ToArray())];

        IReadOnlyList<Prediction> found = model.Predict(images, views);

        Assert.Equal(images.Length, found.Count);
        for (int i = 0; i < images.Length; i++)
        {
            // A convolution may take another algorithm for batches than for single images: the same numbers but for their rounding.
            Assert.All(expected[i].Zip(found[i].Scores), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
            Assert.Equal(Array.IndexOf(expected[i], expected[i].Max()), found[i].LabelIndex);
        }
    }

    [Fact]
    public async Task Predict_BatchesOfOne_GiveTheBitsOfSingleOnes()
    {
        using ImageClassifier model = await Train("resnet18", 64);
        using BatchPredictor predictor = model.CreateBatchPredictor(maxBatch: 1);
        Image[] images = Images()[..4];

        IReadOnlyList<Prediction> found = predictor.Predict([.. images.Select(predictor.Prepare)]);

        Assert.All(images.Zip(found), pair => Assert.Equal(model.Predict(pair.First).Scores, pair.Second.Scores));
    }

    // Its maps of 8 x 8 have too few tiles for Winograd's algorithm in a batch of 2, enough in one of 16.
    [Fact]
    public async Task Predict_FewerImages_GivesTheBitsOfMany()
    {
        using ImageClassifier model = await Train("resnet18", 64);
        Image[] images = Images();
        float[][] expected = [.. model.Predict(images).Select(prediction => prediction.Scores.ToArray())];

        for (int count = 1; count < images.Length; count++)
        {
            Assert.Equal(expected[..count], model.Predict(images[..count]).Select(prediction => prediction.Scores.ToArray()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task Predict_AnyBatchSize_GivesTheSameNumbers(int maxBatch)
    {
        using ImageClassifier model = await Train(TinyNetwork.Name, 32);
        using BatchPredictor predictor = model.CreateBatchPredictor(maxBatch, TestTimeViews.Flip);
        Image[] images = Images();
        PreparedImage[] prepared = [.. images.Select(predictor.Prepare)];

        IReadOnlyList<Prediction> found = predictor.Predict(prepared);

        Assert.Equal(maxBatch, predictor.MaxBatch);
        Assert.Equal(images.Select(image => model.Predict(image, TestTimeViews.Flip).Score), found.Select(prediction => prediction.Score));
        Assert.Empty(predictor.Predict([]));
    }

    [Fact]
    public async Task Predict_WhatIsNotItsOwn_IsRefused()
    {
        using ImageClassifier model = await Train(TinyNetwork.Name, 32);
        using BatchPredictor predictor = model.CreateBatchPredictor();
        using BatchPredictor other = model.CreateBatchPredictor();
        PreparedImage prepared = predictor.Prepare(new Image(40, 40));

        Assert.Throws<ArgumentException>(() => other.Predict([prepared]));
        Assert.Throws<ArgumentException>(() => predictor.Predict([null!]));
        prepared.Dispose();
        prepared.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict([prepared]));
        Assert.Throws<ArgumentException>(() => model.Predict([new Image(1, 1), null!]));
        Assert.Empty(model.Predict(Array.Empty<Image>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateBatchPredictor(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateBatchPredictor(1025));
    }

    [Fact]
    public async Task Dispose_OfTheClassifier_EndsItsPredictors()
    {
        ImageClassifier model = await Train(TinyNetwork.Name, 32);
        BatchPredictor predictor = model.CreateBatchPredictor();
        using PreparedImage prepared = predictor.Prepare(new Image(40, 40));
        var began = new TaskCompletionSource();
        Task work = Task.Run(() =>
        {
            while (true)
            {
                predictor.Predict([prepared]);
                began.TrySetResult();
            }
        });
        await began.Task.OrHang();

        model.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => work.OrHang());
        Assert.Throws<ObjectDisposedException>(() => model.CreateBatchPredictor());
        predictor.Dispose();
    }

    private Image[] Images() => [.. ImageFolder.Open(_images.Root).Samples.Select(sample => Image.Load(sample.Path))];

    // No weights: what is compared needs no skill.
    private async Task<ImageClassifier> Train(string backbone, int size)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        var options = new FineTuneOptions { Backbone = backbone, Weights = WeightSelection.None, Input = new() { ImageSize = size }, TrainableLayers = TrainableLayers.Head, BatchSize = 8, Epochs = 1, Compute = new() { Threads = 2 } };
        return (await new FineTuneTrainer(options).FitAsync(train, validation)).TakeClassifier();
    }
}
