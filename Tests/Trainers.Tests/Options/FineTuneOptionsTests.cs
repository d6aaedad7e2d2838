using System.Text.Json;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Options;

public sealed class FineTuneOptionsTests
{
    [Fact]
    public void Resolve_RandomInitialization_TrainsEverythingAtOneRate()
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = WeightSelection.None, LearningRate = 0.2 }.Resolve();
        Assert.Equal(TrainableLayers.All, resolved.TrainableLayers);
        Assert.Equal(0.2, resolved.Optimizer.BackboneLearningRate);
        Assert.Equal(AugmentationPolicy.Standard, resolved.Augmentation);
        Assert.Equal(10, resolved.Epochs);
        Assert.Equal(OptimizerKind.Sgd, resolved.Optimizer.Kind);
    }

    [Theory]
    [InlineData(null, WeightKind.Auto, TrainableLayers.Head)]
    [InlineData("none", WeightKind.None, TrainableLayers.All)]
    [InlineData("pretrained", WeightKind.Pretrained, TrainableLayers.Head)]
    [InlineData("pretrained:v2", WeightKind.Pretrained, TrainableLayers.Head)]
    public void Resolve_WeightsByName_AreUnderstood(string? weights, WeightKind expected, TrainableLayers trained)
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = weights }.Resolve();

        Assert.Equal((expected, trained), (resolved.Weights.Kind, resolved.TrainableLayers));
    }

    // Random initialization must be asked for, whatever else is set.
    [Fact]
    public void Resolve_OneOptionSet_StillStartsFromTrainedWeights()
    {
        FineTuneOptions[] some =
        [
            new(), new() { Epochs = 3 }, new() { Backbone = "resnet18" }, new() { Seed = 7 }, new() { BatchSize = 8 }, new() { Optimizer = new() { Kind = OptimizerKind.Sgd } },
        ];

        Assert.All(some, options => Assert.Equal((WeightSelection.Auto, TrainableLayers.Head), (options.Resolve().Weights, options.Resolve().TrainableLayers)));
    }

    [Fact]
    public void Resolve_WeightsThatAreNothing_Throws() => Assert.Throws<ArgumentException>(() => new FineTuneOptions { Weights = "" });

    [Fact]
    public void Resolve_Weights_TrainsTheHead()
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = "w.safetensors", LearningRate = 0.2 }.Resolve();
        Assert.Equal(TrainableLayers.Head, resolved.TrainableLayers);
        Assert.Equal(0.02, resolved.Optimizer.BackboneLearningRate!.Value, 1e-12);
        Assert.Equal(AugmentationPolicy.None, resolved.Augmentation);
        Assert.Equal(30, resolved.Epochs);
        Assert.Equal(OptimizerKind.Adam, resolved.Optimizer.Kind);
    }

    [Fact]
    public void Resolve_WeightsAndNothingElse_SolvesTheHead()
    {
        FineTuneOptions resolved = new FineTuneOptions { Weights = "w", Regularization = new() { LabelSmoothing = 0.1 }, ClassBalance = new() { Weights = "balanced", BalancedSampling = true } }.Resolve();
        Assert.Equal((OptimizerKind.Lbfgs, 1), (resolved.Optimizer.Kind, resolved.Epochs));
        Assert.Null(resolved.LearningRate);
        Assert.Null(resolved.Optimizer.BackboneLearningRate);
    }

    public static TheoryData<FineTuneOptions> Steps => new()
    {
        new FineTuneOptions { Epochs = 1 },
        new FineTuneOptions { LearningRate = 0.001 },
        new FineTuneOptions { Schedule = new() { Kind = ScheduleKind.Constant } },
        new FineTuneOptions { Schedule = new() { WarmupEpochs = 1 } },
        new FineTuneOptions { Optimizer = new() { WeightDecay = 0 } },
        new FineTuneOptions { Optimizer = new() { ClipNorm = 1 } },
        new FineTuneOptions { Optimizer = new() { AccumulationSteps = 2 } },
        new FineTuneOptions { Optimizer = new() { EmaDecay = 0.9 } },
        new FineTuneOptions { Patience = 3 },
        new FineTuneOptions { Optimizer = new() { Momentum = 0.8 } },
        new FineTuneOptions { Regularization = new() { Mixup = 0.2 } },
        new FineTuneOptions { Head = new() { Dropout = 0.2 } },
        new FineTuneOptions { Head = new() { Kind = HeadKind.Mlp } },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Resolve_HeadWithWhatOnlyStepsHave_IsTrainedInSteps(FineTuneOptions options)
    {
        FineTuneOptions resolved = (options with { Weights = "w" }).Resolve();
        Assert.Equal((OptimizerKind.Adam, options.Epochs ?? 30, 0.001), (resolved.Optimizer.Kind, resolved.Epochs, resolved.LearningRate));
    }

    [Fact]
    public void Resolve_ExtendedClasses_AreTrainedInSteps() =>
        Assert.Equal(OptimizerKind.Adam, new FineTuneOptions { InitialModel = "m", ExtendClasses = true, TrainableLayers = TrainableLayers.Head }.Resolve().Optimizer.Kind);

    [Fact]
    public void Resolve_SolverForWhatIsNoLogisticRegression_SaysWhatStandsAgainstIt()
    {
        var options = new FineTuneOptions { Weights = WeightSelection.None, Optimizer = new() { Kind = OptimizerKind.Lbfgs } };
        Assert.Contains("layers before the head", Assert.Throws<ArgumentException>(() => options.Resolve()).Message);
        options = options with { Weights = "w" };
        Assert.Contains("mixup", Assert.Throws<ArgumentException>(() => (options with { Regularization = options.Regularization with { Mixup = 0.1 } }).Resolve()).Message);
        Assert.Contains("dropout", Assert.Throws<ArgumentException>(() => (options with { Head = options.Head with { Dropout = 0.1 } }).Resolve()).Message);
        Assert.Contains("a hidden layer", Assert.Throws<ArgumentException>(() => (options with { Head = options.Head with { Kind = HeadKind.Mlp } }).Resolve()).Message);
        Assert.Contains("without images", Assert.Throws<ArgumentException>(() => (options with { Weights = WeightSelection.Auto, InitialModel = "m", ExtendClasses = true, TrainableLayers = TrainableLayers.Head }).Resolve()).Message);
    }

    [Fact]
    public void Warnings_SolverWithEpochsAndRate_SaysThatTheyHaveNoEffect()
    {
        var options = new FineTuneOptions { Weights = "w", Optimizer = new() { Kind = OptimizerKind.Lbfgs } };
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
        Assert.Equal(expected, new FineTuneOptions { Optimizer = new() { Kind = optimizer } }.Resolve().LearningRate);

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
        { new() { Optimizer = new() { BackboneLearningRate = -1 } }, "Optimizer.BackboneLearningRate is -1" },
        { new() { Optimizer = new() { Momentum = 1 } }, "Optimizer.Momentum is 1; it must be at least 0 and below 1." },
        { new() { Optimizer = new() { WeightDecay = -0.5 } }, "WeightDecay is -0.5" },
        { new() { Regularization = new() { LabelSmoothing = 1 } }, "LabelSmoothing is 1" },
        { new() { Head = new() { Dropout = 1 } }, "Dropout is 1" },
        { new() { Head = new() { Width = 64 } }, "Head.Width needs Head.Kind Mlp." },
        { new() { Head = new() { Kind = HeadKind.Mlp, Width = 0 } }, "Head.Width is 0; it must be at least 1 and at most 65536." },
        { new() { Head = new() { Kind = (HeadKind)9 } }, "Head.Kind is 9; it must be one of Original, Linear, Mlp." },
        { new() { Input = new() { ImageSize = 7 } }, "ImageSize is 7" },
        { new() { Compute = new() { Threads = -1 } }, "Threads is -1" },
        { new() { Compute = new() { LoaderThreads = 2000 } }, "LoaderThreads is 2000" },
        { new() { Patience = -1 }, "Patience is -1" },
        { new() { Optimizer = new() { Nesterov = true, Momentum = 0 } }, "Optimizer.Nesterov needs Optimizer.Momentum above 0." },
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
        Assert.Contains("random", Assert.Single(new FineTuneOptions { Weights = WeightSelection.None, TrainableLayers = TrainableLayers.Head }.Warnings()));

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
        var options = new FineTuneOptions { Input = new() { Preprocessing = new PreprocessingSpec() } };
        Assert.Equal(new PreprocessingSpec(), options.Resolve().Input.Preprocessing);
        Assert.Contains("excludes ImageSize", Assert.Throws<ArgumentException>(() => (options with { Input = options.Input with { ImageSize = 64 } }).Resolve()).Message);
        Assert.Contains("excludes ImageSize and Normalization", Assert.Throws<ArgumentException>(() => (options with { Input = options.Input with { Normalization = NormalizationKind.Half } }).Resolve()).Message);
        Assert.Contains("excludes Input.Preprocessing", Assert.Throws<ArgumentException>(() => (options with { InitialModel = "m.onnx" }).Resolve()).Message);
        Assert.Contains("CropSize is 4", Assert.Throws<ArgumentException>(() => new FineTuneOptions { Input = new() { Preprocessing = new PreprocessingSpec { CropSize = 4 } } }.Resolve()).Message);
        Assert.Contains("scale is 0", Assert.Throws<ArgumentException>(() => new FineTuneOptions { Input = new() { Preprocessing = new PreprocessingSpec { Scale = 0 } } }.Resolve()).Message);
    }

    [Fact]
    public void Resolve_Monitor_IsBalancedWhereBalanceIsAskedFor()
    {
        var steps = new FineTuneOptions { Epochs = 3 };
        Assert.Equal(MonitoredMetric.Accuracy, steps.Resolve().Monitor);
        Assert.Equal(MonitoredMetric.Balanced, (steps with { ClassBalance = new() { Weights = ClassWeights.Balanced } }).Resolve().Monitor);
        Assert.Equal(MonitoredMetric.Balanced, (steps with { ClassBalance = new() { BalancedSampling = true } }).Resolve().Monitor);
        Assert.Equal(MonitoredMetric.Loss, (steps with { Monitor = MonitoredMetric.Loss, ClassBalance = new() { BalancedSampling = true } }).Resolve().Monitor);
        Assert.Null(new FineTuneOptions().Resolve().Monitor);
        Assert.Throws<ArgumentException>(() => (steps with { Monitor = (MonitoredMetric)9 }).Resolve());
    }

    [Fact]
    public void Json_FitAndMonitor_AreReadBackAndLeftOutWhereUnset()
    {
        var options = new FineTuneOptions { Monitor = MonitoredMetric.F1, Input = new() { Fit = ImageFit.Squash } };
        string json = JsonSerializer.Serialize(options);
        Assert.Contains("\"fit\":\"squash\"", json);
        Assert.Contains("\"monitor\":\"f1\"", json);
        FineTuneOptions read = JsonSerializer.Deserialize<FineTuneOptions>(json)!;
        Assert.Equal((ImageFit.Squash, MonitoredMetric.F1), (read.Input.Fit, read.Monitor));
        Assert.DoesNotContain("\"fit\"", JsonSerializer.Serialize(new FineTuneOptions()));
    }
}
