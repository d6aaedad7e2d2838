using System.IO.Compression;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

public sealed class ImageClassifierTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 30, LearningRate = 0.05, Compute = new() { Threads = 2 } };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    // The design's sample: the public API as it should read.
    [Fact]
    public async Task Sample_OfTheDesign_CompilesAndWorks()
    {
        IProgress<TrainingProgress>? progress = null;
        CancellationToken cancellationToken = CancellationToken.None;

        var flowers = ImageFolder.Open(_images.Root);
        var (train, validation) = flowers.Split(validationFraction: 0.25);

        var trainer = new FineTuneTrainer(Small);
        using TrainingResult result = await trainer.FitAsync(train, validation, progress, cancellationToken);

        EvaluationResult report = result.Evaluate(validation);
        Assert.Contains("red", report.ToString());
        Prediction best = result.Predict(_images["red/0.png"]);
        Assert.Equal("red", best.Label);
        Assert.Equal(best.Score, best.Top(5)[0].Score);

        string path = _images["flowers.safetensors"];
        result.Save(path);

        using var classifier = ImageClassifier.Load(path);
        classifier.ExportOnnx(_images["flowers.onnx"]);
        Assert.Equal(best.Scores, classifier.Predict(_images["red/0.png"]).Scores);
        Assert.Equal(["blue", "green", "red"], classifier.Labels);
        Assert.Equal(32, classifier.Preprocessing.CropSize);
        Assert.Contains("\"backbone\":\"test_tiny\"", classifier.TrainingRecord);
        Assert.Equal(report.Accuracy, classifier.Evaluate(validation).Accuracy);
        Assert.Equal(report.Accuracy, (await result.EvaluateAsync(validation)).Accuracy);
    }

    [Fact]
    public async Task LoadSavePredictAsync_GiveTheSameAsWithoutAsync()
    {
        using ImageClassifier model = await Train();
        string path = _images["model.safetensors"];
        await model.SaveAsync(path);
        using ImageClassifier again = await ImageClassifier.LoadAsync(path);

        string file = _images["green/1.jpg"];
        Prediction expected = model.Predict(file);
        Assert.Equal(expected.Scores, (await again.PredictAsync(file)).Scores);
        await using FileStream stream = File.OpenRead(file);
        Assert.Equal(expected.Scores, (await again.PredictAsync(stream)).Scores);
        IReadOnlyList<FilePrediction> all = await again.PredictAsync([file, _images["none.png"]]);
        Assert.Equal(expected.Label, all[0].Prediction!.Label);
        Assert.NotNull(all[1].Error);
    }

    [Fact]
    public async Task LoadAndSave_StreamsAndMemory_AreTheFile()
    {
        using ImageClassifier model = await Train();
        string path = _images["model.safetensors"];
        model.Save(path);
        byte[] file = File.ReadAllBytes(path);
        using var written = new MemoryStream();
        await using (var sequential = new DeflateStream(written, CompressionLevel.NoCompression, leaveOpen: true))
        {
            model.Save(sequential);
        }

        written.Position = 0;
        await using var inflated = new DeflateStream(written, CompressionMode.Decompress);
        using var content = new MemoryStream();
        await inflated.CopyToAsync(content);
        Assert.Equal(file, content.ToArray());

        float[] expected = [.. model.Predict(_images["green/1.jpg"]).Scores];
        written.Position = 0;
        await using var unseekable = new DeflateStream(written, CompressionMode.Decompress);
        using ImageClassifier fromStream = ImageClassifier.Load(unseekable);
        using ImageClassifier fromMemory = ImageClassifier.Load(file);
        using ImageClassifier later = await ImageClassifier.LoadAsync(new MemoryStream(file));
        Assert.All(new[] { fromStream, fromMemory, later }, loaded => Assert.Equal(expected, loaded.Predict(_images["green/1.jpg"]).Scores));

        model.ExportOnnx(_images["model.onnx"]);
        using ImageClassifier onnx = ImageClassifier.Load(File.ReadAllBytes(_images["model.onnx"]));
        Assert.Equal(model.Labels, onnx.Labels);
        Assert.StartsWith("the stream: ", Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(file[..100])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictAsync_FilesAsTheyCome_GivesEachItsResult()
    {
        using ImageClassifier model = await Train();
        File.WriteAllText(_images["damaged.png"], "no image");
        string[] files = [_images["red/0.png"], _images["damaged.png"], _images["blue/1.jpg"]];
        var results = new List<FilePrediction>();

        await foreach (FilePrediction result in model.PredictAsync(files.ToAsyncEnumerable()))
        {
            results.Add(result);
        }

        Assert.Equal(files, results.Select(result => result.Path));
        Assert.Equal(model.Predict(files[0]).Scores, results[0].Prediction!.Scores);
        Assert.StartsWith("image at byte 0", results[1].Error, StringComparison.Ordinal);
        Assert.Equal(model.Predict(files[2]).Scores, (await model.PredictAsync(File.ReadAllBytes(files[2]).AsMemory())).Scores);
    }

    // Large arrays that are made anew for every image are collected with the oldest generation.
    [Fact]
    public async Task Predict_ManyFiles_LeavesNoLargeArrays()
    {
        using ImageClassifier model = await Train();
        string path = _images["large.jpg"];
        ImageEncoder.Save(path, new Image(640, 480));
        byte[] encoded = File.ReadAllBytes(path);
        void Predict()
        {
            model.Predict(path);
            model.Predict(encoded);
            model.Predict(new MemoryStream(encoded));
        }

        Predict();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Predict();
        }

        // The image's pixels alone are 921,600 bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 60, 0, 85_000);
    }

    [Fact]
    public async Task PredictAsync_Canceled_Throws()
    {
        using ImageClassifier model = await Train();
        var canceled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.PredictAsync(_images["green/1.jpg"], cancellationToken: canceled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImageClassifier.LoadAsync("x", cancellationToken: canceled));
    }

    [Fact]
    public async Task Evaluate_UnreadableFile_IsInSkipped()
    {
        using ImageClassifier model = await Train();
        File.WriteAllText(_images["damaged.png"], "no image");
        ImageDataset two = new(["red"], [new ImageSample(_images["red/0.png"], 0), new ImageSample(_images["damaged.png"], 0)]);

        EvaluationResult result = model.Evaluate(two);

        Assert.Equal(1, result.Images);
        Assert.Equal(_images["damaged.png"], Assert.Single(result.Skipped).Path);
    }

    [Fact]
    public async Task TakeClassifier_OfAResult_EndsItsOwnership()
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        TrainingResult result = await new FineTuneTrainer(Small).FitAsync(train, validation);
        Assert.Same(result.Classifier, result.Classifier);

        using ImageClassifier classifier = result.TakeClassifier();
        result.Dispose();

        Assert.NotNull(classifier.Predict(_images["red/0.png"]).Label);
        Assert.Throws<ObjectDisposedException>(() => result.Predict(_images["red/0.png"]));
        Assert.Throws<ObjectDisposedException>(result.TakeClassifier);
    }

    [Fact]
    public async Task Predict_PathBytesStreamAndImage_Agree()
    {
        using ImageClassifier model = await Train();
        string path = _images["green/1.jpg"];
        byte[] bytes = File.ReadAllBytes(path);
        using var stream = new MemoryStream(bytes);
        float[][] scores = [[.. model.Predict(path).Scores], [.. model.Predict(bytes.AsSpan()).Scores], [.. model.Predict(stream).Scores], [.. model.Predict(Image.Load(path)).Scores]];
        Assert.All(scores, s => Assert.Equal(scores[0], s));
    }

    [Fact]
    public async Task Save_AsHalf_IsSmallerAndPredictsNearlyTheSame()
    {
        using ImageClassifier model = await Train();
        (string whole, string half) = (_images["whole.safetensors"], _images["half.safetensors"]);
        model.Save(whole);
        model.Save(half, ElementType.F16);
        Assert.True(new FileInfo(half).Length < new FileInfo(whole).Length);
        using ImageClassifier again = ImageClassifier.Load(half);

        // Weights are rounded by 2^-11 at most; a hundred times that is far from another prediction.
        Assert.All(
            model.Predict(_images["red/0.png"]).Scores.Zip(again.Predict(_images["red/0.png"]).Scores),
            pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05));
    }

    [Fact]
    public async Task Predict_ManyThreads_GiveWhatOneGives()
    {
        using ImageClassifier model = await Train();
        string[] files = [.. ImageFolder.Open(_images.Root).Samples.Select(s => s.Path)];
        float[][] expected = [.. files.Select(f => model.Predict(f).Scores.ToArray())];
        float[][] found = new float[files.Length * 4][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => found[i] = [.. model.Predict(files[i % files.Length]).Scores]);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(expected[i % files.Length], found[i]);
        }
    }

    [Fact]
    public async Task Predict_ManyFilesOneUnreadable_GivesResultsInOrderAndTheReason()
    {
        using ImageClassifier model = await Train();
        string bad = _images["bad.png"];
        File.WriteAllText(bad, "no image");
        string[] files = [_images["red/0.png"], bad, _images["blue/0.png"], _images["red/0.png"]];

        IReadOnlyList<FilePrediction> results = model.Predict(files);

        Assert.Equal(files, results.Select(r => r.Path));
        Assert.Equal(["red", null, "blue", "red"], results.Select(r => r.Prediction?.Label));
        Assert.Equal([true, false, true, true], results.Select(r => r.Error is null));
    }

    [Fact]
    public async Task Predict_OnlyUnreadableFiles_GivesReasons()
    {
        using ImageClassifier model = await Train();
        FilePrediction result = Assert.Single(model.Predict([_images["missing.png"]]));
        Assert.NotNull(result.Error);
        Assert.Empty(model.Predict(Array.Empty<string>()));
    }

    [Fact]
    public async Task Evaluate_UnknownClass_NamesIt()
    {
        using ImageClassifier model = await Train();
        var dataset = new ImageDataset(["mauve"], [new ImageSample(_images["red/0.png"], 0)]);
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => model.Evaluate(dataset));
        Assert.Contains("mauve", error.Message);
    }

    [Fact]
    public async Task Predict_AfterDispose_Throws()
    {
        ImageClassifier model = await Train();
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Predict(_images["red/0.png"]));
    }

    [Fact]
    public void Load_BareWeights_SaysWhatIsMissing()
    {
        string path = _images["weights.safetensors"];
        SafetensorsWriter.Write(path, []);
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(path));
        Assert.Contains("without a model's description", error.Message);
    }

    [Theory]
    [InlineData("red/1.jpg", "this is a JPEG image, not a model file")]
    [InlineData("red/0.png", "this is a PNG image, not a model file")]
    [InlineData("notes.txt", "this is a text file, not a model file")]
    [InlineData("photos.zip", "this is a zip archive, not a model file")]
    public void Load_AnotherKindOfFile_SaysWhatItIs(string file, string expected)
    {
        File.WriteAllText(_images["notes.txt"], "daisies, roses\n");
        using (ZipArchive zip = ZipFile.Open(_images["photos.zip"], ZipArchiveMode.Create))
        {
            zip.CreateEntryFromFile(_images["red/0.png"], "red/0.png");
        }

        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(_images[file]));

        Assert.StartsWith($"{_images[file]}: {expected}", error.Message);
    }

    [Theory]
    [InlineData("labels", "[\"a\",\"b\"]", "classes")]
    [InlineData("labels", "[\"a\",\"a\",\"b\"]", "'a' twice")]
    [InlineData("labels", "{}", "labels are damaged")]
    [InlineData("network", "{\"name\":\"test_tiny\"}", "description is damaged")]
    [InlineData("preprocessing", "{}", "preprocessing")]
    [InlineData("format_version", "99", "version")]
    public async Task Load_DamagedDescription_SaysWhat(string key, string value, string expected)
    {
        string path = _images["model.safetensors"];
        using (ImageClassifier model = await Train())
        {
            model.Save(path);
        }

        Rewrite(path, metadata => metadata[key] = value);
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(path));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(path, error.Message);
    }

    [Fact]
    public async Task Load_NetworkLargerThanItsWeights_IsRefused()
    {
        string path = _images["model.safetensors"];
        using (ImageClassifier model = await Train())
        {
            model.Save(path);
        }

        Rewrite(path, metadata => metadata["network"] = metadata["network"].Replace(TinyNetwork.Name, "resnet50", StringComparison.Ordinal));
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(path));
        Assert.Contains("do not fit the network resnet50", error.Message);
    }

    [Fact]
    public async Task FromWeights_OwnWeights_PredictsTheSame()
    {
        string path = _images["model.safetensors"];
        using ImageClassifier model = await Train();
        model.Save(path);
        using ImageClassifier bare = ImageClassification.FromWeights(TinyNetwork.Name, path, model.Labels, model.Preprocessing);
        string image = _images["red/0.png"];
        Assert.Equal(model.Predict(image).Scores, bare.Predict(image).Scores);
    }

    [Theory]
    [InlineData(HeadKind.Mlp, 24)]
    [InlineData(HeadKind.Mlp, null)]
    [InlineData(HeadKind.Linear, null)]
    public async Task FromWeights_AnyHead_IsFoundInTheFile(HeadKind head, int? width)
    {
        string path = _images["model.safetensors"];
        var options = Small with { Backbone = "squeezenet1_1", Input = Small.Input with { ImageSize = 32 }, Epochs = 1, Head = Small.Head with { Kind = head, Width = width } };
        using ImageClassifier model = await ImageClassification.FineTuneAsync(_images.Root, options);
        model.Save(path);
        using ImageClassifier bare = ImageClassification.FromWeights("squeezenet1_1", path, model.Labels, model.Preprocessing);
        string image = _images["red/0.png"];
        Assert.Equal(model.Predict(image).Scores, bare.Predict(image).Scores);
    }

    [Theory]
    [InlineData("cifar_resnet20", 32, 32)]
    [InlineData("vgg16_cifar", 32, 32)]
    [InlineData("resnet18", 256, 224)]
    [InlineData("alexnet_paper", 256, 227)]
    public void ForInput_NetworksOwnRatio_IsItsPublishedRule(string network, int resize, int crop)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(network);
        PreprocessingSpec spec = PreprocessingSpec.ForInput(definition.DefaultInputSize, definition.ResizeRatio);
        Assert.Equal((resize, crop), (spec.ResizeSize, spec.CropSize));
    }

    [Fact]
    public async Task FineTuneAsync_Folder_GivesAClassifier()
    {
        using ImageClassifier model = await ImageClassification.FineTuneAsync(_images.Root, Small with { Epochs = 1 });
        Assert.Equal(HeadKind.Original, model.Network.Head);
        Assert.Equal(3, model.Labels.Count);
    }

    private static void Rewrite(string path, Action<Dictionary<string, string>> change)
    {
        var metadata = new Dictionary<string, string>();
        var tensors = new List<SafetensorsTensor>();
        using (SafetensorsReader reader = SafetensorsReader.Open(path))
        {
            foreach ((string key, string value) in reader.Metadata)
            {
                metadata[key] = value;
            }

            foreach (WeightEntry entry in reader.Entries)
            {
                float[] values = reader.Read(entry.Name);
                tensors.Add(SafetensorsTensor.FromSingles(entry.Name, [.. entry.Dimensions], () => values));
            }
        }

        change(metadata);
        SafetensorsWriter.Write(path, tensors, metadata);
    }

    private async Task<ImageClassifier> Train()
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        return (await new FineTuneTrainer(Small).FitAsync(train, validation)).TakeClassifier();
    }
}
