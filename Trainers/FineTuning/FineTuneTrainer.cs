using System.Numerics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MLClassify.Common;
using MLClassify.Datasets;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing.Loading;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// Trains a network of the registry, or a model from a file, on labeled images: its head on the features of a frozen backbone, or all of it.
/// A linear head is solved; of training in steps the best epoch by <see cref="FineTuneOptions.Monitor"/> is kept. The same options and data give the same bytes, whatever the number of threads.
/// </summary>
public sealed class FineTuneTrainer
{
    /// <summary>Checks the options.</summary>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the network is unknown.</exception>
    public FineTuneTrainer(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Resolve();
        Warnings = options.Warnings();
        if (options.InitialModel is null && options.Backbone is not null)
        {
            _ = NetworkRegistry.Default.Get(options.Backbone);
        }
    }

    /// <summary>The options with defaults filled in, except those that depend on the network.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>Warnings to show before training.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Where results are written after every epoch, such as a <c>RunFolder</c> of MLClassify.Reports; nowhere when null.</summary>
    public ITrainingRun? Run { get; init; }

    /// <summary>
    /// Whether to resume the interrupted run in <see cref="Run"/> from its checkpoint, or start anew without one. The result is the same,
    /// bit for bit, as that of an uninterrupted run. Default false.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// The time between two checkpoints: a kill loses no more than that, and 20 times what writing takes. At zero there is one before every
    /// step. A head alone trains in moments and has none. Default one minute.
    /// </summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Finds what <see cref="FineTuneOptions.Weights"/> names. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>
    /// The weights of <see cref="FineTuneOptions.Backbone"/>, where they have been found already. Default null: what
    /// <see cref="FineTuneOptions.Weights"/> names is looked for.
    /// </summary>
    public InitialWeights? InitialWeights { get; init; }

    /// <summary>The learning rate's course in place of what the options say; null for theirs.</summary>
    internal LearningRateSchedule? Schedule { get; init; }

    /// <summary>Receives the progress of a download of pretrained weights, before training begins; null for no reporting.</summary>
    public IProgress<DownloadProgress>? DownloadProgress { get; init; }

    /// <summary>Called with the batch that <see cref="FineTuneOptions.FindBatchSize"/> has found, before training begins; null for nobody.</summary>
    public Action<int>? BatchSizeFound { get; init; }

    /// <summary>Receives the run's start, epochs, warnings, skipped files and end, or null for no logging.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>The clock for elapsed times and checkpoints. Default the system's. It changes no result.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// What the network will not see of images, by their sizes; training says what is wrong with it among its warnings. Weights that are not
    /// named in <see cref="InitialWeights"/> count as published ones.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <returns>What is lost; null where no image's size can be read.</returns>
    /// <exception cref="InvalidWeightsException">The model to start from is damaged.</exception>
    public InputAudit? AuditInput(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return InputAudit.Of(images, FineTuneNetwork.PreprocessingOf(Options, InitialWeights));
    }

    /// <summary>Trains. Pretrained weights that are not on this machine are fetched first.</summary>
    /// <param name="train">Training images.</param>
    /// <param name="validation">Images held out, to choose the best epoch by and to measure, with the same class names.</param>
    /// <param name="progress">Receives progress after every batch, on the training thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the result then holds the best epoch so far.</param>
    /// <returns>The best epoch's model and the run's history; disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The sets differ in their class names, or have fewer than two.</exception>
    /// <exception cref="InvalidDatasetException">A set holds no readable image.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">
    /// Canceled before the first epoch was over: there is no model yet. <see cref="Run"/> has a checkpoint to go on from.
    /// </exception>
    /// <exception cref="InvalidWeightsException">The pretrained weights or the model are damaged, or of another network.</exception>
    /// <exception cref="WeightFiles.Onnx.UnsupportedOnnxException">The ONNX model uses what is not supported; the message lists all of
    /// it.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite; the exception has the best epoch before.</exception>
    public Task<TrainingResult> FitAsync(
        ImageDataset train,
        ImageDataset validation,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        CheckData(train, validation);

        return FitCheckedAsync(train, validation, progress, cancellationToken);
    }

    private void CheckData(ImageDataset train, ImageDataset validation)
    {
        if (!train.ClassNames.SequenceEqual(validation.ClassNames, StringComparer.Ordinal))
        {
            throw new ArgumentException("Training and validation images have different class names.", nameof(validation));
        }

        if (train.ClassNames.Count < 2 && !Options.ExtendClasses)
        {
            throw new ArgumentException(FormattableString.Invariant($"A classifier needs at least two classes, got {train.ClassNames.Count}."), nameof(train));
        }

        if (train.Count == 0 || validation.Count == 0)
        {
            throw new InvalidDatasetException(train.Count == 0
                ? "There are no training images."
                : "There are no validation images: a class needs two images to hold one out, and none has.");
        }
    }

    // Where no image at all can be read, whoever reads them says so.
    private static void CheckReadable(ImageDataset train, CancellationToken cancellationToken)
    {
        IReadOnlyList<UnreadableClass> unreadable = UnreadableClass.Find(train, cancellationToken);
        if (unreadable.Count > 0 && unreadable.Sum(own => own.Images) < train.Count)
        {
            throw new InvalidDatasetException(
                $"A class is learned from images that can be read: {string.Join("; ", unreadable)}. Leave the class out, or convert its images to JPEG or PNG.");
        }
    }

    private static void BeforeTraining(Action work, CancellationToken cancellationToken)
    {
        try
        {
            work();
        }
        catch (OperationCanceledException e)
        {
            throw FineTuneRun.Canceled(e, cancellationToken);
        }
    }

    private async Task<TrainingResult> FitCheckedAsync(
        ImageDataset train, ImageDataset validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ILogger logger = Logger ?? NullLogger.Instance;
        try
        {
            (FineTuneOptions options, InitialWeights? start) = InitialWeights is { } found
                ? (Options with { Weights = found.Selection }, found)
                : await FineTuneNetwork.StartAsync(Options, Resolver, DownloadProgress, Logger, cancellationToken).ConfigureAwait(false);

            // The token is not given to Run: a canceled training still has a result.
            return await Task.Run(() => Fit(options, start, train, validation, progress, logger, cancellationToken), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            TrainingLog.Failed(logger, e);
            throw;
        }
    }

    private TrainingResult Fit(
        FineTuneOptions options,
        InitialWeights? start,
        ImageDataset train,
        ImageDataset validation,
        IProgress<TrainingProgress>? progress,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        List<string> warnings = [.. Warnings];
        BeforeTraining(() => CheckReadable(train, cancellationToken), cancellationToken);

        // A model, or a preprocessing that was asked for, says it already.
        int? maximum = options.InitialModel is null && options.Input.Preprocessing is null ? SampleRange.Find(train, options.Compute.LoaderThreads) : null;
        if (maximum is { } full)
        {
            warnings.Add(FormattableString.Invariant($"The images with 16 bits a sample use {BitOperations.Log2((uint)full) + 1} of them: {full} is taken for full brightness, and the model's file says so."));
        }

        TrainedModel network = FineTuneNetwork.Create(options, train.ClassNames, start, maximum);
        if (start?.InPlaceOf is { } why)
        {
            warnings.Add($"No network and no weights were named, and the default ones cannot be had, so this was trained: {why}.{(start.Origin is { } origin ? $" Of these: {origin}." : "")}");
        }

        if (options.Optimizer.Kind == OptimizerKind.Lbfgs && !HeadSolving.Fits(network.Graph.After(network.Graph.Features)))
        {
            options = SolvedHead.Stepping(options);
            warnings.Add("The head is not one linear layer with a bias, so it is trained in steps, not solved.");
        }

        string? against = null;
        try
        {
            BeforeTraining(() => against = options.Mirroring == Mirroring.Measured ? MirrorCheck.Run(network, options, train, cancellationToken) : null, cancellationToken);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        if (against is not null)
        {
            options = options.WithoutMirroring();
            warnings.Add(against);
        }

        warnings.AddRange(InputAudit.Of(train, network.Preprocessing)?.Warnings ?? []);
        var reporter = new ProgressReporter(progress, options.Epochs.GetValueOrDefault(), TimeProvider);
        (train, validation) = (train.WithClasses(network.Labels), validation.WithClasses(network.Labels));
        foreach (string warning in warnings)
        {
            TrainingLog.Warning(logger, warning);
        }

        TrainingLog.Started(
            logger, network.Network.Name ?? options.Backbone, options.TrainableLayers, train.Count, network.Labels.Count, validation.Count, options.Epochs.GetValueOrDefault(), options.Monitor);
        CheckpointWriter? checkpoints = Run is null || options.TrainableLayers == TrainableLayers.Head
            ? null
            : new CheckpointWriter(Run.CheckpointPath, TrainingCheckpoint.FingerprintOf(options, train, validation), CheckpointEvery, TimeProvider) { Engine = network.Engine.Identity };
        if (options is { FindBatchSize: true, TrainableLayers: not TrainableLayers.Head })
        {
            options = options with { BatchSize = FindBatchSize(network, options, train.Count, checkpoints, logger) };
        }

        using var run = new FineTuneRun(network, options, train, validation, reporter)
        {
            Output = Run,
            Checkpoints = checkpoints,
            Resumes = Resume,
            Schedule = Schedule,
            Warnings = warnings,
            Logger = logger,
            Time = TimeProvider,
        };
        TrainingResult result = run.Execute(cancellationToken);
        TrainingLog.Ended(logger, result);
        return result;
    }

    // A run that is resumed keeps the batch that it began with, whatever fits now.
    private int FindBatchSize(TrainedModel network, FineTuneOptions options, int images, CheckpointWriter? checkpoints, ILogger logger)
    {
        using CheckpointReader? interrupted = Resume ? checkpoints?.OpenLast() : null;
        int size = interrupted?.BatchSize ?? BatchSizeFinder.Find(images, batch => FineTuneNetwork.Fits(network, options, batch));
        if (checkpoints is not null)
        {
            checkpoints.BatchSize = size;
        }

        TrainingLog.BatchSize(logger, size, network.Engine.Identity.Device);
        BatchSizeFound?.Invoke(size);
        return size;
    }
}
