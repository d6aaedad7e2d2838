using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

/// <summary>Exported classifiers, evaluated by ONNX Runtime on images.</summary>
public sealed class OnnxExportTests : IDisposable
{
    // What the issue asks for; float32 leaves about 1e-6 for a network of this depth.
    private const double Tolerance = 1e-4;

    private readonly ColorImageFolder _images = new();
    private readonly Lazy<OnnxRuntimeProcess> _runtime = new(() => new OnnxRuntimeProcess());

    public void Dispose()
    {
        _images.Dispose();
        if (_runtime.IsValueCreated)
        {
            _runtime.Value.Dispose();
        }
    }

    [OnnxRuntimeTheory]
    [InlineData(TrainableLayers.All)]
    [InlineData(TrainableLayers.Head)]
    public async Task ExportOnnx_TrainedWholeOrHeadAlone_PredictsAsTheModel(TrainableLayers unfreeze)
    {
        using ImageClassifier model = await Train(unfreeze);
        Compare(model, [.. Directory.GetFiles(_images["red"]).Concat(Directory.GetFiles(_images["blue"])).Order().Select(File.ReadAllBytes)]);
    }

    [OnnxRuntimeFact]
    public void ExportOnnx_AnotherPreprocessing_IsInsideTheFile()
    {
        string weights = _images["tiny.safetensors"];
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(24) with
        {
            Scale = 1f / 128,
            Mean = new ChannelValues(0.1f, 0.7f, 1.3f),
            Std = new ChannelValues(0.5f, 0.3f, 0.8f),
            ChannelOrder = ChannelOrder.Bgr,
        };
        using ImageClassifier model = Fresh(weights, spec);
        byte[][] images = [.. Directory.GetFiles(_images["green"]).Order().Select(File.ReadAllBytes)];
        foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
        {
            foreach (OnnxRange range in Enum.GetValues<OnnxRange>())
            {
                Compare(model, images, new OnnxExportOptions { Layout = layout, Range = range });
            }
        }
    }

    [OnnxRuntimeFact(NeedsData = true)]
    public void ExportOnnx_SqueezeNetOnFlowers_GivesTheSameProbabilitiesAndTop1()
    {
        string[] labels = [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")];
        using ImageClassifier model = ImageClassification.FromWeights(
            "squeezenet1_1", SharedData.Path("weights", "squeezenet1_1.safetensors"), labels);
        byte[][] photos = ReadPhotos(every: 300);
        Assert.InRange(photos.Length, 10, 20);
        Compare(model, photos);
    }

    [Fact]
    public void ExportOnnx_Normalized_SaysSoAndComesBackAsTheSameModel()
    {
        string weights = _images["tiny.safetensors"];
        PreprocessingSpec spec = PreprocessingSpec.ImageNet(24) with { Mean = new ChannelValues(0.1f, 0.7f, 0.3f), ChannelOrder = ChannelOrder.Bgr };
        using ImageClassifier model = Fresh(weights, spec);
        string path = _images["normalized.onnx"];
        model.ExportOnnx(path, new OnnxExportOptions { Range = OnnxRange.Normalized });
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.Contains(Entry("input_range", "normalized"), text, StringComparison.Ordinal);
        Assert.Contains("normalized_input", text, StringComparison.Ordinal);
        Assert.Contains("normalized outside", text, StringComparison.Ordinal);
        Assert.DoesNotContain("preprocessing.scale", text, StringComparison.Ordinal);

        using ImageClassifier again = ImageClassifier.Load(path);

        Assert.Equal(model.Preprocessing, again.Preprocessing);
        string image = Directory.GetFiles(_images["green"])[0];
        Assert.Equal(model.Predict(image).Scores, again.Predict(image).Scores);
    }

    [Fact]
    public async Task ExportOnnx_Twice_GivesTheSameBytesWithTheModelsDescription()
    {
        using ImageClassifier model = await Train(TrainableLayers.All);
        string path = _images["model.onnx"];
        model.ExportOnnx(path, new OnnxExportOptions { Layout = OnnxLayout.Nhwc, Range = OnnxRange.Unit, Softmax = false });
        byte[] bytes = File.ReadAllBytes(path);
        model.ExportOnnx(path, new OnnxExportOptions { Layout = OnnxLayout.Nhwc, Range = OnnxRange.Unit, Softmax = false });
        Assert.Equal(bytes, File.ReadAllBytes(path));

        string[] expected =
        [
            Entry("format", "mlclassify"),
            Entry("input_layout", "nhwc"),
            Entry("input_range", "1"),
            Entry("labels", """["blue","green","red"]"""),
            Entry("network", model.Network.ToJson()),
            Entry("output", "logits"),
            Entry("preprocessing", model.Preprocessing.ToJson()),
            Entry("training", model.TrainingRecord!),
        ];
        string text = Encoding.Latin1.GetString(bytes);
        Assert.All(expected, entry => Assert.Contains(entry, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExportOnnx_ForeignScript_KeepsTheLabels()
    {
        string weights = _images["tiny.safetensors"];
        using (ImageClassifier trained = await Train(TrainableLayers.Head))
        {
            trained.Save(weights);
        }

        using ImageClassifier model = ImageClassification.FromWeights(TinyNetwork.Name, weights, ["Gänseblümchen", "向日葵", "\U0001F337"]);
        string path = _images["labels.onnx"];
        model.ExportOnnx(path);
        Assert.Contains("Gänseblümchen\",\"向日葵", Encoding.UTF8.GetString(File.ReadAllBytes(path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportOnnx_AfterDispose_Throws()
    {
        ImageClassifier model = await Train(TrainableLayers.Head);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.ExportOnnx(_images["model.onnx"]));
    }

    private static byte[][] ReadPhotos(int every)
    {
        var photos = new List<byte[]>();
        using FileStream stream = File.OpenRead(SharedData.Path("flower_photos.tar"));
        using var reader = new TarReader(stream);
        for (int i = 0; reader.GetNextEntry() is { } entry;)
        {
            if (entry.DataStream is not null && entry.Name.EndsWith(".jpg", StringComparison.Ordinal) && i++ % every == 0)
            {
                using var bytes = new MemoryStream();
                entry.DataStream.CopyTo(bytes);
                photos.Add(bytes.ToArray());
            }
        }

        return [.. photos];
    }

    // StringStringEntryProto: key and value as fields 1 and 2, each with its length.
    private static string Entry(string key, string value)
    {
        string Field(char tag, string text)
        {
            string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
            string length = bytes.Length < 128 ? $"{(char)bytes.Length}" : $"{(char)((bytes.Length & 127) | 128)}{(char)(bytes.Length >> 7)}";
            return $"{tag}{length}{bytes}";
        }

        return Field('\x0A', key) + Field('\x12', value);
    }

    private static ImageClassifier Fresh(string weights, PreprocessingSpec spec)
    {
        SeededWeights.Write(weights, TinyNetwork.Name, classes: 3, size: 24, seed: 5);
        return ImageClassification.FromWeights(TinyNetwork.Name, weights, ["a", "b", "c"], spec, threads: 1);
    }

    private async Task<ImageClassifier> Train(TrainableLayers unfreeze)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        var options = new FineTuneOptions
        {
            Backbone = TinyNetwork.Name,
            Weights = WeightSelection.None,
            BatchSize = 8,
            Epochs = 5,
            LearningRate = 0.05,
            Compute = new() { Threads = 2 },
            TrainableLayers = unfreeze,
        };
        return (await new FineTuneTrainer(options).FitAsync(train, validation)).TakeClassifier();
    }

    // The file gets what a program without this library would give it: the bytes of the resized and cropped image.
    private void Compare(ImageClassifier model, byte[][] images, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        string path = _images["exported.onnx"];
        model.ExportOnnx(path, options);
        PreprocessingSpec bytes = options.Range == OnnxRange.Normalized ? model.Preprocessing : model.Preprocessing with
        {
            Scale = options.Range == OnnxRange.Bytes ? 1 : 1f / 255,
            Mean = ChannelValues.All(0),
            Std = ChannelValues.All(1),
            ChannelOrder = ChannelOrder.Rgb,
        };
        var preprocessor = new Preprocessor(bytes);
        int size = bytes.CropSize;
        float[] input = new float[images.Length * preprocessor.ValueCount];
        for (int i = 0; i < images.Length; i++)
        {
            float[] image = new float[preprocessor.ValueCount];
            preprocessor.Apply(Image.Decode(images[i]), image);
            (options.Layout == OnnxLayout.Nhwc ? image : ToChannelsFirst(image)).CopyTo(input.AsSpan(i * image.Length));
        }

        int[] dimensions = options.Layout == OnnxLayout.Nhwc ? [images.Length, size, size, 3] : [images.Length, 3, size, size];
        float[] found = _runtime.Value.Run(path, new OnnxTensor(dimensions, input)).Results[0]["probabilities"].Values;
        int classes = model.Labels.Count;
        for (int i = 0; i < images.Length; i++)
        {
            Prediction expected = model.Predict(images[i]);
            float[] row = found[(i * classes)..((i + 1) * classes)];
            Assert.All(expected.Scores.Zip(row), pair => Assert.InRange(pair.Second, pair.First - Tolerance, pair.First + Tolerance));
            Assert.Equal(expected.Label, model.Labels[Array.IndexOf(row, row.Max())]);
        }
    }

    private static float[] ToChannelsFirst(float[] image)
    {
        float[] planes = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            planes[(i % 3 * (image.Length / 3)) + (i / 3)] = image[i];
        }

        return planes;
    }
}
