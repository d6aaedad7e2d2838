using Microsoft.ML.Runtime;
using MLClassify.Reports;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet.Vision;

/// <summary>Says in this library's words what the options of <c>Microsoft.ML.Vision</c> ask for.</summary>
internal sealed record VisionTraining : ImageTrainerOptions
{
    private readonly ImageClassificationTrainer.Options _options;
    private readonly IChannel? _messages;

    /// <summary>Takes the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="messages">Where it says what is done in another way; nowhere when null.</param>
    public VisionTraining(ImageClassificationTrainer.Options options, IChannel? messages)
    {
        _options = options;
        _messages = messages;
        LabelColumnName = options.LabelColumnName;
        ImageColumnName = options.FeatureColumnName;
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        ValidationSet = options.ValidationSet;
        ValidationFraction = options.ValidationSetFraction ?? new ImageClassificationOptions().ValidationFraction;
        Run = options.WorkspacePath is { Length: > 0 } folder && messages is not null
            ? RunFolder.Create(Path.Combine(folder, options.FinalModelPrefix + BackboneOf(options.Arch)), ExistingRun.Replace)
            : null;
    }

    /// <summary>The context's.</summary>
    internal override long? Seed => null;

    /// <summary>Checks options, before there is data.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Validate(ImageClassificationTrainer.Options options)
    {
        var training = new VisionTraining(options, messages: null);
        ((ImageTrainerOptions)training).Validate();
        _ = new FineTuneTrainer(training.Training(seed: 0));
    }

    internal override ImageTrainer CreateTrainer(long seed, IProgress<TrainingProgress> progress) => async (train, validation) =>
    {
        (FineTuneOptions options, InitialWeights? start) = await StartAsync(Training(seed)).ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        var trainer = new FineTuneTrainer(options)
        {
            Run = Run,
            InitialWeights = start,
            Schedule = _options.LearningRateScheduler is { } scheduler ? new GivenSchedule(scheduler, options) : null,
        };
        var metrics = new VisionMetrics(_options, train.Count, validation.Count, stop, progress);
        return await trainer.FitAsync(train, validation, metrics, stop.Token).ConfigureAwait(false);
    };

    private static string BackboneOf(ImageClassificationTrainer.Architecture architecture) => architecture switch
    {
        ImageClassificationTrainer.Architecture.ResnetV2101 => "resnet101",
        ImageClassificationTrainer.Architecture.InceptionV3 => "densenet121",
        ImageClassificationTrainer.Architecture.MobilenetV2 => "mobilenet_v2",
        ImageClassificationTrainer.Architecture.ResnetV250 => "resnet50",
        _ => throw new ArgumentException(FormattableString.Invariant($"Arch is {architecture}; there is no such network.")),
    };

    /// <summary>What computes: what the context names.</summary>
    public ComputeOptions Compute { get; init; } = new();

    private FineTuneOptions Training(long seed) => new()
    {
        Compute = Compute,
        Backbone = BackboneOf(_options.Arch),
        TrainableLayers = TrainableLayers.Head,
        BatchSize = _options.BatchSize,
        Epochs = _options.Epoch,
        LearningRate = _options.LearningRate,
        Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0 },
        Schedule = new() { Kind = ScheduleKind.Constant },
        Seed = seed,
    };

    // A machine without a connection trains all the same, on what it has.
    private async Task<(FineTuneOptions Options, InitialWeights? Start)> StartAsync(FineTuneOptions options)
    {
        if (_options.Arch == ImageClassificationTrainer.Architecture.InceptionV3)
        {
            Warn("InceptionV3 is none of MLClassify's networks; densenet121, which is of its size, is trained in its place.");
        }

        if (_options.ReuseTrainSetBottleneckCachedValues || _options.ReuseValidationSetBottleneckCachedValues)
        {
            Warn("Features are computed once and kept in memory: no file of cached values is read or written.");
        }

        try
        {
            return await FineTuneNetwork.StartAsync(options, resolver: null, progress: null, logger: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WeightsUnavailableException e)
        {
            (FineTuneOptions Options, InitialWeights? Start) found = await FineTuneNetwork
                .StartAsync(options with { Backbone = null }, resolver: null, progress: null, logger: null, CancellationToken.None).ConfigureAwait(false);
            Warn($"The published weights of {options.Backbone} cannot be had ({e.Message.TrimEnd('.')}); {found.Options.Backbone} is trained in its place, {found.Start?.Description}.");
            // The warning above has said it, of the network that was named.
            return (found.Options, found.Start is { } start ? start with { InPlaceOf = null } : null);
        }
    }

    private void Warn(string message) => _messages?.Warning(MessageSensitivity.None, message);
}
