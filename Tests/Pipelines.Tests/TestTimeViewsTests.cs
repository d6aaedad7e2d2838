using MLClassify.Engines;
using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;
using MLClassify.Models;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

public sealed class TestTimeViewsTests : IDisposable
{
    private readonly ColorImageFolder _images = new();
    private readonly Lazy<ImageClassifier> _model;

    public TestTimeViewsTests() => _model = new Lazy<ImageClassifier>(Train);

    private ImageClassifier Model => _model.Value;

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            Model.Dispose();
        }

        _images.Dispose();
    }

    [Fact]
    public void None_EverywhereItCanBeGiven_ChangesNoBit()
    {
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        string[] files = [.. all.Samples.Select(s => s.Path)];

        EvaluationResult before = Model.Evaluate(all);
        EvaluationResult after = Model.Evaluate(all, TestTimeViews.None);

        Assert.Equal(before.Loss, after.Loss);
        Assert.Equal(before.Predictions, after.Predictions);
        Assert.Equal(Model.Predict(files[0]).Scores, Model.Predict(files[0], TestTimeViews.None).Scores);
        Assert.Equal(
            Model.Predict(files).Select(p => p.Prediction!.Scores), Model.Predict(files, TestTimeViews.None).Select(p => p.Prediction!.Scores));
    }

    // The image has the resized size, and the crop leaves 4 pixels: its mirror image is exactly the mirrored image's crop.
    [Fact]
    public void Flip_MirroredImage_GivesTheSameProbabilities()
    {
        Image image = Painted(32, 32);
        Image mirrored = new(32, 32, image.Pixels.ToArray());
        ImageFlipper.FlipHorizontally(mirrored.Pixels, 32);

        Assert.NotEqual(Model.Predict(image).Scores, Model.Predict(mirrored).Scores);
        Assert.Equal(Model.Predict(image, TestTimeViews.Flip).Scores, Model.Predict(mirrored, TestTimeViews.Flip).Scores);
    }

    [Theory]
    [InlineData(TestTimeViews.Flip)]
    [InlineData(TestTimeViews.TenCrop)]
    public void Predict_OneColorImage_GivesWhatTheCenterGives(TestTimeViews views)
    {
        var image = new Image(70, 50);
        image.Pixels.Fill(90);

        // The average's logarithm is rounded to float, of a magnitude of at most 8: a relative error of 2^-22.
        Assert.All(
            Model.Predict(image).Scores.Zip(Model.Predict(image, views).Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    // By the definition: the mean of what the network says about each view.
    [Theory]
    [InlineData(TestTimeViews.Flip)]
    [InlineData(TestTimeViews.TenCrop)]
    public void Predict_Views_AveragesTheirProbabilities(TestTimeViews views)
    {
        Image image = Painted(70, 52);
        string path = _images["model.safetensors"];
        Model.Save(path);
        using TrainedModel model = TrainedModel.Load(path);
        using IInferenceSession session = model.CreateInference(maxBatch: 1);
        var preprocessor = new Preprocessor(model.Preprocessing);
        IReadOnlyList<ImageView> shown = ImageView.For(views);
        double[] expected = new double[3];
        foreach (ImageView view in shown)
        {
            float[] input = new float[preprocessor.ValueCount];
            preprocessor.Apply(image, view, input);
            double[] exponentials = [.. session.Run(input).ToArray().Select(logit => Math.Exp(logit))];
            for (int c = 0; c < 3; c++)
            {
                expected[c] += exponentials[c] / exponentials.Sum() / shown.Count;
            }
        }

        Assert.All(expected.Zip(Model.Predict(image, views).Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    // One after the other and in batches, whose views fill the network's largest batch or exceed it.
    [Theory]
    [InlineData(TestTimeViews.Flip)]
    [InlineData(TestTimeViews.TenCrop)]
    public void EvaluateAndPredict_ManyFiles_AgreeWithSinglePredictions(TestTimeViews views)
    {
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        string[] files = [.. all.Samples.Select(s => s.Path)];
        Prediction[] single = [.. files.Select(f => Model.Predict(f, views))];

        IReadOnlyList<FilePrediction> many = Model.Predict(files, views);
        EvaluationResult report = Model.Evaluate(all, views);

        double loss = 0;
        for (int i = 0; i < files.Length; i++)
        {
            Assert.All(single[i].Scores.Zip(many[i].Prediction!.Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
            Assert.Equal(single[i].LabelIndex, report.Predictions[i].PredictedLabel);
            Assert.Equal(single[i].Score, report.Predictions[i].Probability, 1e-6);
            loss -= Math.Log(single[i].Scores[all.Samples[i].Label]) / files.Length;
        }

        Assert.Equal(loss, report.Loss, 1e-4);
    }

    [Fact]
    public void Predict_UnknownViews_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.Predict(Painted(32, 32), (TestTimeViews)5));

    // Colors change from left to right and from top to bottom.
    private static Image Painted(int width, int height)
    {
        var image = new Image(width, height);
        for (int i = 0; i < width * height; i++)
        {
            image.Pixels[3 * i] = (byte)(250 * (i % width) / width);
            image.Pixels[(3 * i) + 1] = (byte)(200 * (i / width) / height);
            image.Pixels[(3 * i) + 2] = (byte)(i * 37);
        }

        return image;
    }

    private ImageClassifier Train()
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        var options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 4, LearningRate = 0.02, Input = new() { ImageSize = 28 }, Compute = new() { Threads = 2 } };
        return new FineTuneTrainer(options).FitAsync(train, validation).GetAwaiter().GetResult().TakeClassifier();
    }
}
