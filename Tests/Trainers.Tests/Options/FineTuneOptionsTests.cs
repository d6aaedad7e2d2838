using MLClassify.Networks;

namespace MLClassify.Trainers.Tests.Options;

public sealed class FineTuneOptionsTests
{
    [Fact]
    public void Resolve_NoWeights_TrainsEverythingAtOneRate()
    {
        FineTuneOptions resolved = new FineTuneOptions { LearningRate = 0.2 }.Resolve();
        Assert.Equal(TrainableLayers.All, resolved.TrainableLayers);
        Assert.Equal(0.2, resolved.BackboneLearningRate);
        Assert.Equal("standard", resolved.Augmentation);
        Assert.Equal(10, resolved.Epochs);
        Assert.Equal(OptimizerKind.Sgd, resolved.Optimizer);
    }

    [Theory]
    [InlineData("none", null, TrainableLayers.All)]
    [InlineData("pretrained", "pretrained", TrainableLayers.Head)]
    [InlineData("pretrained:v2", "pretrained:v2", TrainableLayers.Head)]
    public void Resolve_WeightsByName_AreUnderstood(string weights, string? expected, TrainableLayers unfreeze)
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = weights }.Resolve();

        Assert.Equal((expected, unfreeze), (resolved.Weights, resolved.TrainableLayers));
    }

    [Fact]
    public void Resolve_WeightsThatAreNothing_Throws() => Assert.Throws<ArgumentException>(() => new FineTuneOptions { Weights = "" }.Resolve());

    [Fact]
    public void Resolve_Weights_TrainsTheHead()
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = "w.safetensors", LearningRate = 0.2 }.Resolve();
        Assert.Equal(TrainableLayers.Head, resolved.TrainableLayers);
        Assert.Equal(0.02, resolved.BackboneLearningRate!.Value, 1e-12);
        Assert.Equal("none", resolved.Augmentation);
        Assert.Equal(30, resolved.Epochs);
        Assert.Equal(OptimizerKind.Adam, resolved.Optimizer);
    }

    [Fact]
    public void Resolve_WeightsAndNothingElse_SolvesTheHead()
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = "w", LabelSmoothing = 0.1, ClassWeights = "balanced", BalancedSampling = true }.Resolve();
        Assert.Equal((OptimizerKind.Lbfgs, 1), (resolved.Optimizer, resolved.Epochs));
        Assert.Null(resolved.LearningRate);
        Assert.Null(resolved.BackboneLearningRate);
    }

    public static TheoryData<FineTuneOptions> Steps => new()
    {
        new FineTuneOptions { Epochs = 1 },
        new FineTuneOptions { LearningRate = 0.001 },
        new FineTuneOptions { Schedule = ScheduleKind.Constant },
        new FineTuneOptions { WarmupEpochs = 1 },
        new FineTuneOptions { WeightDecay = 0 },
        new FineTuneOptions { ClipNorm = 1 },
        new FineTuneOptions { AccumulationSteps = 2 },
        new FineTuneOptions { EmaDecay = 0.9 },
        new FineTuneOptions { Patience = 3 },
        new FineTuneOptions { Momentum = 0.8 },
        new FineTuneOptions { Mixup = 0.2 },
        new FineTuneOptions { Dropout = 0.2 },
        new FineTuneOptions { Head = HeadKind.Mlp },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Resolve_HeadWithWhatOnlyStepsHave_IsTrainedInSteps(FineTuneOptions options)
    {
        FineTuneOptions resolved = (options with { Weights = "w" }).Resolve();
        Assert.Equal((OptimizerKind.Adam, options.Epochs ?? 30, 0.001), (resolved.Optimizer, resolved.Epochs, resolved.LearningRate));
    }

    [Fact]
    public void Resolve_ExtendedClasses_AreTrainedInSteps() =>
        Assert.Equal(OptimizerKind.Adam, new FineTuneOptions { InitialModel = "m", ExtendClasses = true, TrainableLayers = TrainableLayers.Head }.Resolve().Optimizer);

    [Fact]
    public void Resolve_SolverForWhatIsNoLogisticRegression_SaysWhatStandsAgainstIt()
    {
        var options = new FineTuneOptions { Optimizer = OptimizerKind.Lbfgs };
        Assert.Contains("layers before the head", Assert.Throws<ArgumentException>(() => options.Resolve()).Message);
        options = options with { Weights = "w" };
        Assert.Contains("mixup", Assert.Throws<ArgumentException>(() => (options with { Mixup = 0.1 }).Resolve()).Message);
        Assert.Contains("dropout", Assert.Throws<ArgumentException>(() => (options with { Dropout = 0.1 }).Resolve()).Message);
        Assert.Contains("a hidden layer", Assert.Throws<ArgumentException>(() => (options with { Head = HeadKind.Mlp }).Resolve()).Message);
        Assert.Contains("without images", Assert.Throws<ArgumentException>(() => (options with { Weights = null, InitialModel = "m", ExtendClasses = true, TrainableLayers = TrainableLayers.Head }).Resolve()).Message);
    }

    [Fact]
    public void Warnings_SolverWithEpochsAndRate_SaysThatTheyHaveNoEffect()
    {
        var options = new FineTuneOptions { Weights = "w", Optimizer = OptimizerKind.Lbfgs };
        Assert.Empty(options.Warnings());
        Assert.Empty(options.Resolve().Warnings());
        Assert.Contains("Epochs, LearningRate have no effect", Assert.Single((options with { Epochs = 30, LearningRate = 0.1 }).Warnings()));
        Assert.Equal(1, (options with { Epochs = 30 }).Resolve().Epochs);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.01)]
    [InlineData(OptimizerKind.Adam, 0.001)]
    [InlineData(OptimizerKind.AdamW, 0.001)]
    public void Resolve_NoRate_TakesTheOptimizers(OptimizerKind optimizer, double expected) =>
        Assert.Equal(expected, new FineTuneOptions { Optimizer = optimizer }.Resolve().LearningRate);

    [Fact]
    public void Resolve_Twice_ChangesNothing()
    {
        FineTuneOptions once = new FineTuneOptions { Weights = "w" }.Resolve();
        Assert.Equal(once, once.Resolve());
    }

    public static TheoryData<FineTuneOptions, string> Bad => new()
    {
        { new() { Epochs = 0 }, "Epochs is 0; it must be at least 1 and at most 100000." },
        { new() { BatchSize = 0 }, "BatchSize is 0" },
        { new() { LearningRate = 0 }, "LearningRate is 0; it must be above 0" },
        { new() { LearningRate = double.NaN }, "LearningRate is NaN" },
        { new() { BackboneLearningRate = -1 }, "BackboneLearningRate is -1" },
        { new() { Momentum = 1 }, "Momentum is 1; it must be at least 0 and below 1." },
        { new() { WeightDecay = -0.5 }, "WeightDecay is -0.5" },
        { new() { LabelSmoothing = 1 }, "LabelSmoothing is 1" },
        { new() { Dropout = 1 }, "Dropout is 1" },
        { new() { HeadWidth = 64 }, "HeadWidth needs a hidden Head." },
        { new() { Head = HeadKind.Mlp, HeadWidth = 0 }, "HeadWidth is 0; it must be at least 1 and at most 65536." },
        { new() { Head = (HeadKind)9 }, "Head is 9; it must be native, linear or hidden." },
        { new() { ImageSize = 7 }, "ImageSize is 7" },
        { new() { Threads = -1 }, "Threads is -1" },
        { new() { LoaderThreads = 2000 }, "LoaderThreads is 2000" },
        { new() { Patience = -1 }, "Patience is -1" },
        { new() { Nesterov = true, Momentum = 0 }, "Nesterov needs a Momentum above 0." },
        { new() { Backbone = " " }, "Backbone is empty" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Resolve_OutOfRange_NamesSettingAndValue(FineTuneOptions options, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => options.Resolve());
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Warnings_HeadWithoutWeights_SaysThatFeaturesAreRandom() =>
        Assert.Contains("random", Assert.Single(new FineTuneOptions { TrainableLayers = TrainableLayers.Head }.Warnings()));

    [Fact]
    public void Warnings_AugmentedHead_SaysThatItHasNoEffect() =>
        Assert.Contains("no effect", Assert.Single(new FineTuneOptions { Weights = "w", Augmentation = "flip" }.Warnings()));

    [Fact]
    public void Warnings_Defaults_AreNone() => Assert.Empty(new FineTuneOptions().Warnings());

    [Fact]
    public void Constructor_UnknownBackbone_ListsTheKnown()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new FineTuneTrainer(new FineTuneOptions { Backbone = "resnet19" }));
        Assert.Contains("resnet18", error.Message);
    }

    [Fact]
    public void Resolve_PreprocessingAndItsParts_ExcludeEachOther()
    {
        var options = new FineTuneOptions { Preprocessing = new PreprocessingSpec() };
        Assert.Equal(new PreprocessingSpec(), options.Resolve().Preprocessing);
        Assert.Contains("excludes ImageSize", Assert.Throws<ArgumentException>(() => (options with { ImageSize = 64 }).Resolve()).Message);
        Assert.Contains("excludes ImageSize and Normalization", Assert.Throws<ArgumentException>(() => (options with { Normalization = NormalizationKind.Half }).Resolve()).Message);
        Assert.Contains("excludes Preprocessing", Assert.Throws<ArgumentException>(() => (options with { InitialModel = "m.onnx" }).Resolve()).Message);
        Assert.Contains("CropSize is 4", Assert.Throws<ArgumentException>(() => new FineTuneOptions { Preprocessing = new PreprocessingSpec { CropSize = 4 } }.Resolve()).Message);
        Assert.Contains("scale is 0", Assert.Throws<ArgumentException>(() => new FineTuneOptions { Preprocessing = new PreprocessingSpec { Scale = 0 } }.Resolve()).Message);
    }
}
