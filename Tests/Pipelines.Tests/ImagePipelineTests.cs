using MLClassify.Preprocessing.Augmentation;
using MLClassify.Reports;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests;

public sealed class ImagePipelineTests : IDisposable
{
    private static readonly FineTuneOptions Small = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, BatchSize = 8, Epochs = 20, LearningRate = 0.05, Compute = new() { Threads = 2 } };

    private static readonly PreprocessingSpec Spec = new() { CropSize = 24, ResizeSize = 28, Mean = ChannelValues.All(0.4f), Std = ChannelValues.All(0.2f) };

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    // The chain, as written.
    [Fact]
    public void Chain_LoadToSave_GivesAModelFile()
    {
        string path = _images[".model.safetensors"];
        using FineTunedClassifier model = ImageClassification.Load(_images.Root).Preprocess(Spec).FineTune(Small).Evaluate().Save(path);

        Assert.Equal(1, model.Evaluation.Accuracy);
        Assert.Equal(3, model.Evaluation.Images);
        using ImageClassifier again = ImageClassifier.Load(path);
        Assert.Equal(Spec, again.Preprocessing);
        Assert.Equal(["blue", "green", "red"], again.Labels);
        Assert.Equal(model.Classifier.Predict(_images["red/0.png"]).Scores, again.Predict(_images["red/0.png"]).Scores);
        Assert.Contains("\"preprocessing\":{", again.TrainingRecord);
    }

    [Fact]
    public async Task FineTuneAsync_SameSteps_GivesTheSameBitsAsFineTune()
    {
        ImagePipeline images = ImageClassification.Load(_images.Root).HoldOutEveryNth(4);
        var progress = new ProgressRecorder<TrainingProgress>();
        using FineTunedClassifier one = images.FineTune(Small with { Epochs = 2 }, progress);
        using FineTunedClassifier two = await images.FineTuneAsync(Small with { Epochs = 2, Compute = Small.Compute with { Threads = 1 } });
        Assert.Equal(one.Classifier.Predict(_images["red/0.png"]).Scores, two.Classifier.Predict(_images["red/0.png"]).Scores);
        Assert.Equal(2, progress.Reports.Count(r => r.Completed is not null));
    }

    [Fact]
    public void Evaluate_InAChain_KeepsItsFigures()
    {
        using FineTunedClassifier trained = ImageClassification.Load(_images.Root).HoldOutEveryNth(4).FineTune(Small with { Epochs = 1 });
        string onnx = _images[".model.onnx"];
        Assert.Throws<InvalidOperationException>(() => trained.Evaluation);
        Assert.Same(trained, trained.Evaluate().ExportOnnx(onnx).WriteReport(_images[".report.html"], "Colors"));
        EvaluationResult report = trained.Evaluation;
        Assert.Equal(6, report.Images);
        Assert.True(File.Exists(onnx));
        string page = File.ReadAllText(_images[".report.html"]);
        Assert.Contains("Colors", page);
        Assert.Contains("one in 4 of each class, by name", page);
    }

    [Fact]
    public async Task EvaluateAsync_OtherImages_MeasuresThem()
    {
        using FineTunedClassifier trained = ImageClassification.Load(_images.Root).FineTune(Small);
        ImageDataset red = new(["red"], [new ImageSample(_images["red/0.png"], 0)]);
        FineTunedClassifier evaluated = await trained.EvaluateAsync(red);
        Assert.Equal((1, 1), (evaluated.Evaluation.Images, evaluated.Evaluation.Correct));
        Assert.Equal(24, ImageClassification.Load(_images.Root).ValidateOn(_images.Root).Evaluate(trained.Classifier).Images);
    }

    [Fact]
    public void Steps_Each_LeaveThePipelineAsItWas()
    {
        ImagePipeline start = ImageClassification.Load(_images.Root);
        ImagePipeline changed = start.Take(4).HoldOutEveryNth(2).Preprocess(Spec).Augment(AugmentationPolicy.Flip).WeighClasses("red=2").TrainableLayers(TrainableLayers.All);

        Assert.Equal((21, 3), (start.Train.Count, start.Validation.Count));
        Assert.Equal((null, null, null, null), (start.Preprocessing, start.Augmentation, start.ClassWeights, start.Trained));
        Assert.Equal((6, 6), (changed.Train.Count, changed.Validation.Count));
        Assert.Equal((Spec, AugmentationPolicy.Flip, ClassWeights.Parse("red=2"), TrainableLayers.All), (changed.Preprocessing, changed.Augmentation, changed.ClassWeights, changed.Trained));
    }

    [Fact]
    public void Split_ShareAndSeed_AreThoseOfTheFolder()
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).Split(0.25, 7);
        ImagePipeline images = ImageClassification.Load(_images.Root).Split(0.25, 7);
        Assert.Equal(train.Samples, images.Train.Samples);
        Assert.Equal(validation.Samples, images.Validation.Samples);
        Assert.Equal("25 % of each class, at random", images.HeldOut);
        Assert.Equal(validation.Samples, ImageClassification.Load(train, validation).Validation.Samples);
    }

    [Fact]
    public void PredefinedSplit_TrainValTest_IsUsedWithoutBeingAskedFor()
    {
        foreach (string part in (string[])["train", "val", "test"])
        {
            foreach (string name in (string[])["blue", "red"])
            {
                Directory.CreateDirectory(_images[$".parts/{part}/{name}"]);
                File.Copy(_images[$"{name}/0.png"], _images[$".parts/{part}/{name}/{part}.png"]);
            }
        }

        ImagePipeline images = ImageClassification.Load(_images[".parts"]);
        Assert.All(images.Validation.Samples, s => Assert.EndsWith("val.png", s.Path));
        Assert.Equal(images.Validation.Samples, images.PredefinedSplit().Validation.Samples);
        Assert.Equal(2, images.Test!.Count);
        Assert.Equal("the folder's own part", images.HeldOut);
    }

    [Fact]
    public void PredefinedSplit_FolderWithout_NamesWhatIsExpected()
    {
        InvalidDatasetException error = Assert.Throws<InvalidDatasetException>(() => ImageClassification.Load(_images.Root).PredefinedSplit());
        Assert.Contains("'train' and 'val'", error.Message);
    }

    [Fact]
    public void ValidateOn_UnknownClass_NamesIt()
    {
        var mauve = new ImageDataset(["mauve"], [new ImageSample(_images["red/0.png"], 0)]);
        Assert.Contains("mauve", Assert.Throws<InvalidDatasetException>(() => ImageClassification.Load(_images.Root).ValidateOn(mauve)).Message);
    }

    [Fact]
    public void Take_AfterASplit_IsRefused() =>
        Assert.Contains("before the split", Assert.Throws<InvalidOperationException>(() => ImageClassification.Load(_images.Root).Split().Take(2)).Message);

    [Fact]
    public void Steps_ValuesThatCannotBe_AreRefusedThere()
    {
        ImagePipeline images = ImageClassification.Load(_images.Root);
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Split(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.HoldOutEveryNth(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Take(0));
        Assert.Throws<ArgumentException>(() => images.Augment("sideways"));
        Assert.Throws<ArgumentException>(() => images.WeighClasses("heavy"));
        Assert.Throws<ArgumentException>(() => images.Preprocess(Spec with { ResizeSize = 8 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.TrainableLayers((TrainableLayers)7));
        Assert.Throws<InvalidDatasetException>(() => ImageClassification.Load(_images["nowhere"]));
    }

    [Fact]
    public void FineTune_SetTwice_SaysWhich()
    {
        ImagePipeline images = ImageClassification.Load(_images.Root).Augment("flip").Preprocess(Spec).TrainableLayers(TrainableLayers.All);
        Assert.Contains("Augmentation is set twice", Assert.Throws<ArgumentException>(() => images.FineTune(Small with { Augmentation = "none" })).Message);
        Assert.Contains("TrainableLayers is set twice", Assert.Throws<ArgumentException>(() => images.FineTune(Small with { TrainableLayers = TrainableLayers.Head })).Message);
        Assert.Contains("it excludes ImageSize", Assert.Throws<ArgumentException>(() => images.FineTune(Small with { Input = Small.Input with { ImageSize = 32 } })).Message);
        using FineTunedClassifier trained = images.FineTune(Small with { Augmentation = "flip", Epochs = 1 });
        Assert.Equal(("flip", TrainableLayers.All), (trained.Training.Options.Augmentation, trained.Training.Options.TrainableLayers));
    }

    [Fact]
    public async Task FineTuneAsync_Canceled_GivesWhatWasReached()
    {
        using var stop = new CancellationTokenSource();
        using FineTunedClassifier trained = await ImageClassification.Load(_images.Root).FineTuneAsync(
            Small with { Epochs = 10_000 }, new ProgressRecorder<TrainingProgress>(p => { if (p.Completed is { Epoch: 2 }) { stop.Cancel(); } }), stop.Token);
        Assert.True(trained.Training.IsCanceled);
        Assert.Equal(2, trained.Training.Epochs.Count);
        Assert.Equal(3, trained.Evaluate().Evaluation.Images);
    }

    [Fact]
    public void FineTune_NoOptionsOffline_TakesTheEmbeddedNetworksHead()
    {
        using var cache = new WeightsCache(new WeightsCacheOptions { Folder = _images[".weights"], IsOffline = true, PackageFolder = _images[".packages"] });
        using FineTunedClassifier trained = ImageClassification.Load(_images.Root).Take(3).WithWeights(new WeightResolver(cache)).FineTune();
        Assert.Equal((EmbeddedBackbone.Current.Network, "embedded", TrainableLayers.Head), (trained.Training.Options.Backbone, trained.Training.Options.Weights, trained.Training.Options.TrainableLayers));
    }

    [Fact]
    public void WriteRun_Folder_ReadsBackAsARun()
    {
        using FineTunedClassifier trained = ImageClassification.Load(_images.Root).Preprocess(Spec).FineTune(Small with { Epochs = 2 }).WriteRun(_images[".run"], out RunFolder run);
        var finished = FinishedRun.Read(run.FullPath);
        Assert.Equal((TinyNetwork.Name, 2), (finished.Network, finished.Epochs.Count));
        Assert.Equal(Spec, RunArguments.Read(Path.Combine(run.FullPath, RunFolder.Arguments)).Options.Input.Preprocessing);
        Assert.True(File.Exists(run.BestWeights));
    }

    [Fact]
    public void TakeClassifier_EndsTheChain()
    {
        FineTunedClassifier trained = ImageClassification.Load(_images.Root).FineTune(Small with { Epochs = 1 });
        using ImageClassifier classifier = trained.Evaluate().TakeClassifier();
        trained.Dispose();
        Assert.NotNull(classifier.Predict(_images["red/0.png"]).Label);
        Assert.Throws<ObjectDisposedException>(() => trained.Save(_images[".x.safetensors"]));
        Assert.Throws<ObjectDisposedException>(() => trained.Classifier);
        Assert.Throws<ObjectDisposedException>(() => trained.WriteRun(_images[".run"], out _));
        Assert.Equal(3, trained.Evaluation.Images);
    }
}
