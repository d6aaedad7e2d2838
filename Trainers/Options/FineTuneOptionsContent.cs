using System.Text.Json.Serialization;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// <see cref="FineTuneOptions"/> as files have them: one level, with the names that files have had since 0.1. There, null means
/// random initialization, and <c>auto</c> is what is unset in <see cref="FineTuneOptions.Weights"/>.
/// </summary>
internal sealed record FineTuneOptionsContent
{
    public string? Backbone { get; init; }

    public string? Weights { get; init; }

    [JsonPropertyName("from")]
    public string? InitialModel { get; init; }

    public HeadKind? Head { get; init; }

    public int? HeadWidth { get; init; }

    [JsonPropertyName("unfreeze")]
    public TrainableLayers? TrainableLayers { get; init; }

    public int? Epochs { get; init; }

    public int BatchSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? FindBatchSize { get; init; }

    public double? LearningRate { get; init; }

    public double? BackboneLearningRate { get; init; }

    public OptimizerKind? Optimizer { get; init; }

    public double Momentum { get; init; }

    public bool Nesterov { get; init; }

    public double WeightDecay { get; init; }

    public ScheduleKind Schedule { get; init; }

    public IReadOnlyList<int>? StepEpochs { get; init; }

    public int PlateauPatience { get; init; }

    [JsonPropertyName("plateau_drops")]
    public int MaxRateReductions { get; init; }

    public double WarmupEpochs { get; init; }

    public int FreezeEpochs { get; init; }

    public double LayerDecay { get; init; }

    public bool FreezeBatchNorm { get; init; }

    public double ClipNorm { get; init; }

    public int AccumulationSteps { get; init; }

    public double EmaDecay { get; init; }

    public string? ClassWeights { get; init; }

    public bool BalancedSampling { get; init; }

    public double Mixup { get; init; }

    public double CutMix { get; init; }

    public double LabelSmoothing { get; init; }

    public double? Dropout { get; init; }

    public string? Augmentation { get; init; }

    public int? ImageSize { get; init; }

    public NormalizationKind Normalization { get; init; }

    public PreprocessingSpec? Preprocessing { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageFit? Fit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MonitoredMetric? Monitor { get; init; }

    /// <summary>Null where it is <see cref="MLClassify.Mirroring.On"/>, as it was before there was a choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Mirroring? Mirroring { get; init; }

    public long Seed { get; init; }

    /// <summary>Null for <c>auto</c>: files name only what was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComputePrecision? Precision { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Deterministic { get; init; }

    public int Threads { get; init; }

    public int LoaderThreads { get; init; }

    public int Patience { get; init; }

    [JsonPropertyName("keep_classes")]
    public bool ExtendClasses { get; init; }

    /// <summary>Options as a file has them.</summary>
    public static FineTuneOptionsContent From(FineTuneOptions options) => new()
    {
        Backbone = options.Backbone,
        Weights = options.Weights.Kind == WeightKind.None ? null : options.Weights.ToString(),
        InitialModel = options.InitialModel,
        Head = options.Head.Kind,
        HeadWidth = options.Head.Width,
        TrainableLayers = options.TrainableLayers,
        Epochs = options.Epochs,
        BatchSize = options.BatchSize,
        FindBatchSize = options.FindBatchSize ? true : null,
        LearningRate = options.LearningRate,
        BackboneLearningRate = options.Optimizer.BackboneLearningRate,
        Optimizer = options.Optimizer.Kind,
        Momentum = options.Optimizer.Momentum,
        Nesterov = options.Optimizer.Nesterov,
        WeightDecay = options.Optimizer.WeightDecay,
        Schedule = options.Schedule.Kind,
        StepEpochs = options.Schedule.StepEpochs,
        PlateauPatience = options.Schedule.PlateauPatience,
        MaxRateReductions = options.Schedule.MaxRateReductions,
        WarmupEpochs = options.Schedule.WarmupEpochs,
        FreezeEpochs = options.Freezing.Epochs,
        LayerDecay = options.Optimizer.LayerDecay,
        FreezeBatchNorm = options.Freezing.BatchNorm,
        ClipNorm = options.Optimizer.ClipNorm,
        AccumulationSteps = options.Optimizer.AccumulationSteps,
        EmaDecay = options.Optimizer.EmaDecay,
        ClassWeights = options.ClassBalance.Weights?.ToString(),
        BalancedSampling = options.ClassBalance.BalancedSampling,
        Mixup = options.Regularization.Mixup,
        CutMix = options.Regularization.CutMix,
        LabelSmoothing = options.Regularization.LabelSmoothing,
        Dropout = options.Head.Dropout,
        Augmentation = options.Augmentation is { } policy ? AugmentationText.Write(policy.Geometric, policy.Pixel) ?? policy.Name : null,
        ImageSize = options.Input.ImageSize,
        Normalization = options.Input.Normalization,
        Preprocessing = options.Input.Preprocessing,
        Fit = options.Input.Fit,
        Monitor = options.Monitor,
        Mirroring = options is { Mirroring: MLClassify.Mirroring.On, Augmentation: not null } ? null : options.Mirroring,
        Seed = options.Seed,
        Device = options.Compute.Device == ComputeDevice.Auto ? null : options.Compute.Device.ToString(),
        Precision = options.Compute.Precision == ComputePrecision.Auto ? null : options.Compute.Precision,
        Deterministic = options.Compute.Deterministic ? true : null,
        Threads = options.Compute.Threads,
        LoaderThreads = options.Compute.LoaderThreads,
        Patience = options.Patience,
        ExtendClasses = options.ExtendClasses,
    };

    /// <summary>What a file has, as options.</summary>
    /// <exception cref="ArgumentException">A text is none of its kind.</exception>
    public FineTuneOptions ToOptions() => new()
    {
        Backbone = Backbone,
        Weights = WeightSelection.Parse(Weights ?? WeightSelection.None.ToString()),
        InitialModel = InitialModel,
        TrainableLayers = TrainableLayers,
        Epochs = Epochs,
        BatchSize = BatchSize,
        FindBatchSize = FindBatchSize ?? false,
        LearningRate = LearningRate,
        Augmentation = Augmentation is null ? null : AugmentationPolicy.Parse(Augmentation),
        Seed = Seed,
        Patience = Patience,
        Monitor = Monitor,
        Mirroring = Mirroring,
        ExtendClasses = ExtendClasses,
        Head = new()
        {
            Kind = Head,
            Width = HeadWidth,
            Dropout = Dropout,
        },
        Optimizer = new()
        {
            Kind = Optimizer,
            BackboneLearningRate = BackboneLearningRate,
            LayerDecay = LayerDecay,
            Momentum = Momentum,
            Nesterov = Nesterov,
            WeightDecay = WeightDecay,
            ClipNorm = ClipNorm,
            AccumulationSteps = AccumulationSteps,
            EmaDecay = EmaDecay,
        },
        Schedule = new()
        {
            Kind = Schedule,
            StepEpochs = StepEpochs,
            PlateauPatience = PlateauPatience,
            MaxRateReductions = MaxRateReductions,
            WarmupEpochs = WarmupEpochs,
        },
        Freezing = new()
        {
            Epochs = FreezeEpochs,
            BatchNorm = FreezeBatchNorm,
        },
        Regularization = new()
        {
            Mixup = Mixup,
            CutMix = CutMix,
            LabelSmoothing = LabelSmoothing,
        },
        ClassBalance = new()
        {
            Weights = MLClassify.ClassWeights.Parse(ClassWeights),
            BalancedSampling = BalancedSampling,
        },
        Input = new()
        {
            ImageSize = ImageSize,
            Normalization = Normalization,
            Preprocessing = Preprocessing,
            Fit = Fit,
        },
        Compute = new()
        {
            Device = ComputeDevice.Parse(Device ?? "auto"),
            Precision = Precision ?? ComputePrecision.Auto,
            Deterministic = Deterministic ?? false,
            Threads = Threads,
            LoaderThreads = LoaderThreads,
        },
    };
}
