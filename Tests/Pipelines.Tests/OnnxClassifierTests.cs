using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

/// <summary>ONNX files as classifiers, and as the start of a training. <c>make_onnx.py</c> of the networks' tests made them.</summary>
public sealed class OnnxClassifierTests : IDisposable
{
    private static readonly string[] Five = ["a", "b", "c", "d", "e"];

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public void FromOnnx_FileOfPyTorch_HasImageNetsPreprocessingAndTheCallersLabels()
    {
        using ImageClassifier model = ImageClassification.FromOnnx(Golden("alex_11"), Five, threads: 1);
        Assert.Equal(PreprocessingSpec.ImageNet(27), model.Preprocessing);
        Assert.Equal(Five, model.Labels);
        Assert.Equal(1, model.Predict(_images["red/0.png"]).Scores.Sum(), 1e-5);
    }

    [Fact]
    public void FromOnnx_NormalizationInside_BecomesPreprocessing()
    {
        using ImageClassifier model = ImageClassification.FromOnnx(Golden("images_13"), threads: 1);
        Assert.Equal(["class 0", "class 1", "class 2", "class 3", "class 4"], model.Labels);
        ChannelValues mean = model.Preprocessing.Mean;
        Assert.Equal(0.485, mean.Red, 1e-5);
        Assert.Equal(0.406, mean.Blue, 1e-5);
        Assert.Equal(0.224, model.Preprocessing.Std.Green, 1e-5);
        Assert.Equal((24, 1f / 255f), (model.Preprocessing.CropSize, model.Preprocessing.Scale));
    }

    [Fact]
    public void FromOnnx_OtherSize_IsTheCallers()
    {
        using ImageClassifier model = ImageClassification.FromOnnx(Golden("alex_11"), Five, PreprocessingSpec.ImageNet(48), threads: 1);
        Assert.Equal((48, 48), (model.Network.InputHeight, model.Network.InputWidth));
        Assert.Contains("cannot take 4 x 4 pixels", Fails(() => ImageClassification.FromOnnx(Golden("alex_11"), Five, PreprocessingSpec.ImageNet(4))));
    }

    [Fact]
    public void FromOnnx_WrongNumberOfLabels_SaysSo() =>
        Assert.Contains("5 classes, there are 2 labels", Fails(() => ImageClassification.FromOnnx(Golden("alex_11"), ["a", "b"])));

    [Fact]
    public void FromOnnx_InputThatIsNoSquare_SaysSo() => Assert.Contains("no square", Fails(() => ImageClassification.FromOnnx(Golden("residual_17"), Five)));

    [Fact]
    public void Save_ModelFromOnnx_ReadsBackTheSame()
    {
        string path = _images["model.safetensors"];
        using ImageClassifier model = ImageClassification.FromOnnx(Golden("alex_17"), Five, threads: 1);
        model.Save(path);
        using ImageClassifier again = ImageClassifier.Load(path, threads: 1);
        Assert.Equal(model.Predict(_images["red/0.png"]).Scores, again.Predict(_images["red/0.png"]).Scores);
        Assert.Equal(model.Preprocessing, again.Preprocessing);
        Assert.NotNull(again.Network.Graph);
    }

    [Fact]
    public void Load_DamagedGraph_NamesTheFile()
    {
        string path = _images["model.safetensors"];
        using (ImageClassifier model = ImageClassification.FromOnnx(Golden("alex_17"), Five, threads: 1))
        {
            model.Save(path);
        }

        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("max_pool"u8);
        bytes[at] = (byte)'n';
        File.WriteAllBytes(path, bytes);
        string message = Fails(() => ImageClassifier.Load(path));
        Assert.StartsWith(path, message);
        Assert.Contains("there is no operator 'nax_pool'", message);
    }

    [Theory]
    [InlineData(OnnxLayout.Nchw, OnnxRange.Bytes)]
    [InlineData(OnnxLayout.Nhwc, OnnxRange.Unit)]
    public async Task Load_OwnOnnxFile_IsTheSameClassifier(OnnxLayout layout, OnnxRange range)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        var options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 2, Compute = new() { Threads = 1 } };
        using ImageClassifier model = (await new FineTuneTrainer(options).FitAsync(train, validation)).TakeClassifier();
        string path = _images["model.bin"];
        model.ExportOnnx(path, new OnnxExportOptions { Layout = layout, Range = range });

        using ImageClassifier again = ImageClassifier.Load(path, threads: 1);

        Assert.Equal(model.Labels, again.Labels);
        Assert.Equal(model.Preprocessing, again.Preprocessing);
        float[] expected = [.. model.Predict(_images["red/0.png"]).Scores];
        Assert.All(expected.Zip(again.Predict(_images["red/0.png"]).Scores.ToArray()), s => Assert.Equal(s.First, s.Second, 1e-5));
    }

    [Theory]
    [InlineData("images_13", TrainableLayers.Head, 24)]
    [InlineData("alex_17", TrainableLayers.Head, 27)]
    [InlineData("alex_17", TrainableLayers.All, 40)]
    public async Task FitAsync_FromOnnx_ReplacesTheLastLayerAndLearns(string file, TrainableLayers unfreeze, int size)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        var options = new FineTuneOptions
        {
            InitialModel = Golden(file),
            TrainableLayers = unfreeze,
            Input = new() { ImageSize = size },
            BatchSize = 8,
            Epochs = 20,
            LearningRate = 0.02,
            Optimizer = new() { Kind = OptimizerKind.Adam },
            Compute = new() { Threads = 2 },
        };
        using ImageClassifier model = (await new FineTuneTrainer(options).FitAsync(train, validation)).TakeClassifier();
        Assert.True(model.Evaluate(train).Accuracy > 0.8);
        Assert.Equal(["blue", "green", "red"], model.Labels);
        Assert.Equal(size, model.Preprocessing.CropSize);
        Assert.Contains($"\"from\":\"{file}.onnx\"", model.TrainingRecord);

        // What was trained is read again without the ONNX file, and is a start itself.
        string path = _images["model.safetensors"];
        model.Save(path);
        using ImageClassifier again = ImageClassifier.Load(path, threads: 1);
        Assert.Equal(model.Predict(_images["red/0.png"]).Scores, again.Predict(_images["red/0.png"]).Scores);
        using ImageClassifier further = (await new FineTuneTrainer(options with { InitialModel = path, Epochs = 1 }).FitAsync(train, validation)).TakeClassifier();
        Assert.Equal(size, further.Preprocessing.CropSize);
    }

    [Fact]
    public void Validate_FromBesideWeights_SaysSo()
    {
        var options = new FineTuneOptions { InitialModel = "a.onnx", Weights = "b.pth" };
        Assert.Contains("InitialModel is a whole model", Assert.Throws<ArgumentException>(() => new FineTuneTrainer(options)).Message);
    }

    private static string Golden(string name) => GoldenFolder.Onnx[name + ".onnx"];

    private static string Fails(Func<ImageClassifier> make) => Assert.Throws<InvalidWeightsException>(() => make().Dispose()).Message;
}
