using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet.Tests;

public sealed class ImageEstimatorTests(TrainedColors colors) : IClassFixture<TrainedColors>
{
    private readonly MLContext _context = colors.Context;

    [Fact]
    public void ApplyImageClassifier_ModelFile_SaysWhatTheClassifierSays()
    {
        ImageClassifier classifier = ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier;
        string file = colors.Images["applied.safetensors"];
        classifier.Save(file);
        try
        {
            IDataView folder = _context.Data.LoadImageFolder(colors.Images.Root);
            using ImageClassifierTransformer model = _context.Transforms.ApplyImageClassifier(file, new ApplyImageClassifierOptions { Threads = 1 }).Fit(folder);
            IDataView scored = model.Transform(folder);

            foreach ((string path, float[] scores) in scored.GetColumn<string>("ImagePath").Zip(scored.GetColumn<float[]>("Score")))
            {
                Assert.Equal(model.Classifier.Predict(path).Scores, scores);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Fit_DeviceThatIsNotThere_IsNotReplaced()
    {
        var cuda = new ComputeOptions { Device = ComputeDevice.Cuda(57) };
        string file = colors.Images["placed.safetensors"];
        ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier.Save(file);
        try
        {
            IDataView folder = _context.Data.LoadImageFolder(colors.Images.Root);
            Refused(() => _context.Transforms.ApplyImageClassifier(file, new ApplyImageClassifierOptions { Compute = cuda }).Fit(folder));
            Refused(() => _context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions { Model = file, Compute = cuda }).Fit(folder));
            Refused(() => _context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions { Backbone = "cifar_resnet20", Weights = WeightSelection.None, Compute = cuda }).Fit(folder));
            var training = new FineTuneOptions { Backbone = "cifar_resnet20", Weights = WeightSelection.None, Epochs = 1, Compute = cuda };
            Refused(() => _context.MulticlassClassification.Trainers.ImageClassification(training: training).Fit(folder));
            var alexNet = new AlexNetFromScratchOptions { Training = new AlexNetOptions { Backbone = "alexnet_half", Epochs = 1, Compute = cuda } };
            Refused(() => _context.MulticlassClassification.Trainers.AlexNetFromScratch(alexNet).Fit(folder));
        }
        finally
        {
            File.Delete(file);
        }

        static void Refused(Func<object> fit) => Assert.Contains("The device cuda:57 cannot be used", Assert.Throws<ComputeDeviceException>(fit).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_ShortForm_IsPartOfCompute()
    {
        var options = new ExtractImageFeaturesOptions { Compute = new() { Device = ComputeDevice.Cpu }, Threads = 3 };
        Assert.Equal((ComputeDevice.Cpu, 3, 3), (options.Compute.Device, options.Compute.Threads, options.Threads));
    }

    [Fact]
    public void ApplyImageClassifier_NoFile_Throws() =>
        Assert.Contains("no-model.safetensors", Assert.Throws<FileNotFoundException>(() => _context.Transforms.ApplyImageClassifier("no-model.safetensors")).Message);

    [Fact]
    public void LoadImageFolder_Classes_AreKeysInOrder()
    {
        IDataView data = _context.Data.LoadImageFolder(colors.Images.Root);

        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Label"].GetKeyValues(ref names);
        Assert.Equal(["blue", "green", "red"], names.DenseValues().Select(n => n.ToString()));
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), data.Schema["Label"].Type);
        Assert.Equal(30, data.GetColumn<uint>("Label").Count());
        Assert.All(data.GetColumn<string>("ImagePath").Zip(data.GetColumn<uint>("Label")), row => Assert.Equal(
            names.GetItemOrDefault((int)row.Second - 1).ToString(), Path.GetFileName(Path.GetDirectoryName(row.First))));
    }

    [Fact]
    public void LoadImageFolder_PartThatIsNotThere_Throws() => Assert.Contains(
        "no validation part",
        Assert.ThrowsAny<Exception>(() => _context.Data.LoadImageFolder(colors.Images.Root, new ImageFolderLoaderOptions { Part = ImageFolderPart.Validation })).Message);

    [Fact]
    public void LoadImageFolder_FilesThatTakeNoPart_AreInTheLog()
    {
        using var images = new ColorImageFolder(perClass: 2);
        File.WriteAllText(images["red/notes.txt"], "no image");
        File.WriteAllBytes(images["red/empty.png"], []);
        File.Copy(Directory.EnumerateFiles(images["blue"]).First(), images["stray.png"]);
        Directory.CreateDirectory(images["nothing"]);
        List<string> log = Listen(out MLContext context);

        IDataView data = context.Data.LoadImageFolder(images.Root);

        Assert.Equal(6, data.GetColumn<uint>("Label").Count());
        string left = Assert.Single(log, message => message.Contains("take no part", StringComparison.Ordinal));
        Assert.Contains("4 files or folders of", left, StringComparison.Ordinal);
        Assert.Contains("is not in a class folder (1)", left, StringComparison.Ordinal);
        Assert.Contains("the file is empty (1)", left, StringComparison.Ordinal);
        Assert.Contains("not an image: extension .txt (1)", left, StringComparison.Ordinal);
        Assert.Contains(log, message => message.Contains("nothing holds no images and is left out", StringComparison.Ordinal));
    }

    [Fact]
    public void LoadImageFolder_FolderWithParts_SaysWhichIsLoaded()
    {
        using var images = new ColorImageFolder(perClass: 3);
        foreach (string file in Directory.GetFiles(images.Root, "*.*", SearchOption.AllDirectories))
        {
            string part = file.EndsWith("0.png", StringComparison.Ordinal) ? "val" : "train";
            string target = images[$"{part}/{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}"];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target);
        }

        foreach (string color in (string[])["red", "green", "blue"])
        {
            Directory.Delete(images[color]);
        }

        List<string> log = Listen(out MLContext context);
        int train = context.Data.LoadImageFolder(images.Root).GetColumn<uint>("Label").Count();
        int held = context.Data.LoadImageFolder(images.Root, new ImageFolderLoaderOptions { Part = ImageFolderPart.Validation }).GetColumn<uint>("Label").Count();

        Assert.Equal(9, train + held);
        Assert.Contains(log, message => message.Contains($"(train {train}, val {held} images): the {train} of one are loaded", StringComparison.Ordinal));
        Assert.Contains(log, message => message.Contains($"the {held} of one are loaded", StringComparison.Ordinal));
    }

    [Fact]
    public void LoadImageFolder_NothingLeftOut_SaysNothing()
    {
        List<string> log = Listen(out MLContext context);

        _ = context.Data.LoadImageFolder(colors.Images.Root);

        Assert.Empty(log);
    }

    private static List<string> Listen(out MLContext context)
    {
        var log = new List<string>();
        context = new MLContext();
        context.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            {
                log.Add(e.RawMessage);
            }
        };
        return log;
    }

    [Fact]
    public void ImageNetNormalize_BothLayouts_AreThePreprocessorsPixels()
    {
        var spec = PreprocessingSpec.ImageNet(32);
        LabeledRow row = colors.List()[0];
        float[] expected = new float[32 * 32 * 3];
        new Preprocessor(spec).Apply(Image.Load(row.ImagePath), expected);
        IDataView data = _context.Data.LoadFromEnumerable(new[] { row });

        IDataView rows = Transform(data, new NormalizeImageNetOptions { Preprocessing = spec });
        IDataView planes = Transform(data, new NormalizeImageNetOptions { Preprocessing = spec, Layout = PixelLayout.ChannelsHeightWidth, ImageColumnName = "Image" });

        Assert.Equal(expected, rows.GetColumn<float[]>("Pixels").Single());
        Assert.Equal([32, 32, 3], ((VectorDataViewType)rows.Schema["Pixels"].Type).Dimensions.ToArray());
        Assert.Equal([3, 32, 32], ((VectorDataViewType)planes.Schema["Pixels"].Type).Dimensions.ToArray());
        float[] turned = planes.GetColumn<float[]>("Pixels").Single();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], turned[(i % 3 * 32 * 32) + (i / 3)]);
        }
    }

    [Fact]
    public void ExtractImageFeatures_Embedded_FeedMLNetsTrainers()
    {
        var features = new ExtractImageFeaturesOptions { Backbone = EmbeddedBackbone.Current.Network, Weights = WeightSelection.Embedded, ImageSize = 64, Threads = 1 };
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_context.Transforms.ExtractImageFeatures(features)).AppendCacheCheckpoint(_context)
            .Append(_context.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 20));
        List<LabeledRow> rows = colors.List();
        rows[2].ImagePath = "no such file";
        IDataView data = _context.Data.LoadFromEnumerable(rows);

        var model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);

        Assert.True(_context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.9);
        Assert.All(scored.GetColumn<float[]>("Features").ElementAt(2), value => Assert.True(float.IsNaN(value)));
        using var stream = new MemoryStream();
        _context.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(scored.GetColumn<float[]>("Features"), loaded.Transform(data).GetColumn<float[]>("Features"));
    }

    [Fact]
    public void ExtractImageFeatures_ModelAndBackbone_Throws() => Assert.Contains(
        "leave out", Assert.Throws<ArgumentException>(() => _context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions { Model = "a", Backbone = "resnet18" })).Message);

    [Fact]
    public void ExtractImageFeatures_NetworkWithAHeadOfConvolutions_GivesAVector()
    {
        IDataView data = _context.Data.LoadFromEnumerable(colors.List().Take(1));
        var options = new ExtractImageFeaturesOptions { Backbone = "squeezenet1_1", Weights = WeightSelection.None, ImageSize = 64, Threads = 1 };

        using BackboneFeaturesTransformer model = _context.Transforms.ExtractImageFeatures(options).Fit(data);

        Assert.Equal(512, model.Length);
        Assert.Equal(512, model.Transform(data).GetColumn<float[]>("Features").Single().Length);
    }

    [Fact]
    public void AlexNetFromScratch_AFewSteps_ScoresEveryRow()
    {
        var options = new AlexNetFromScratchOptions
        {
            Training = new AlexNetOptions { Backbone = "alexnet_half", Epochs = 1, BatchSize = 4, Threads = 2 },
            ValidationFraction = 0.34,
        };
        IDataView data = _context.Data.LoadFromEnumerable(colors.List().Take(9));
        IDataView keys = _context.Transforms.Conversion.MapValueToKey("Label", "Class").Fit(data).Transform(data);

        using ImageClassifierTransformer model = _context.MulticlassClassification.Trainers.AlexNetFromScratch(options).Fit(keys);
        IDataView scored = model.Transform(keys);

        Assert.Equal("alexnet_half", model.Classifier.Network.Name);
        Assert.Single(model.Training!.Epochs);
        Assert.Equal(9, _context.MulticlassClassification.Evaluate(scored).ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    private IDataView Transform(IDataView data, NormalizeImageNetOptions options) => _context.Transforms.NormalizeImageNet(options).Fit(data).Transform(data);
}
