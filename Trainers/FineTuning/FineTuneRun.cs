using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>
/// One run of the trainer: puts loaders, objective, rates and callbacks together for the stages that the options ask for, and makes the result.
/// The work is done by <see cref="TrainingLoop"/>.
/// </summary>
internal sealed class FineTuneRun : IDisposable
{
    private const long ValidationCacheBytes = 256L << 20;

    private readonly TrainedModel _network;
    private readonly FineTuneOptions _options;
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;
    private readonly ProgressReporter _progress;
    private readonly List<BatchLoader> _loaders = [];
    private readonly Graph _trained;
    private readonly TrainingState _state;
    private readonly Task<TrainingImages> _trainingImages;
    private readonly Task<int> _seenOfValidation;
    private readonly Task<int> _seenBefore;
    private readonly List<string> _warnings = [];
    private IReadOnlyList<RegularizationPoint> _regularization = [];
    private bool _ownsNetwork = true;

    public FineTuneRun(TrainedModel network, FineTuneOptions options, ImageDataset train, ImageDataset validation, ProgressReporter progress)
    {
        _network = network;
        _options = options;
        _train = train;
        _validation = validation;
        _progress = progress;

        // What a model has seen goes into its file. Reading takes moments, beside the first images' decoding.
        _trainingImages = Task.Run(() => TrainingImages.Of(train, network.TrainingImages));
        _seenOfValidation = Task.Run(async () => (await _trainingImages.ConfigureAwait(false)).CountIn(validation));
        _seenBefore = Task.Run(() => network.TrainingImages?.CountIn(validation) ?? 0);
        _trained = IsHeadOnly ? network.Graph.After(network.Graph.Features) : network.Graph;
        _state = new TrainingState(
            network.Parameters,
            new BestCheckpoint(network.Engine.CreateParameters(_trained.Parameters), options.Monitor ?? MonitoredMetric.Accuracy),
            options.Optimizer.EmaDecay > 0 ? new WeightAverage(network.Engine, _trained.Parameters, network.Parameters, options.Optimizer.EmaDecay) : null);
    }

    /// <summary>Where it writes what it has so far; nowhere when null.</summary>
    public ITrainingRun? Output { get; init; }

    /// <summary>Writes checkpoints and opens the one to go on from; none when null.</summary>
    public CheckpointWriter? Checkpoints { get; init; }

    /// <summary>Whether to resume from the checkpoint, if there is one.</summary>
    public bool Resumes { get; init; }

    /// <summary>The learning rate's course in place of what the options say; null for theirs.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    private int Epochs => _options.Epochs.GetValueOrDefault();

    private bool IsSolved => _options.Optimizer.Kind == OptimizerKind.Lbfgs;

    private bool IsHeadOnly => _options.TrainableLayers == TrainableLayers.Head;

    /// <summary>Trains and keeps the best epoch.</summary>
    public TrainingResult Execute(CancellationToken cancellationToken)
    {
        try
        {
            if (IsHeadOnly)
            {
                TrainHead(cancellationToken);
            }
            else
            {
                TrainAll(cancellationToken);
            }

            return Finish(isCanceled: false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            return _state.Best.Epoch is not null
                ? Finish(isCanceled: true)
                : throw Canceled(e, cancellationToken);
        }
        catch (TrainingDivergedException e)
        {
            if (_state.Best.Epoch is not null)
            {
                // What the last step left may hold the numbers that are none.
                _state.Best.Restore(_network.Parameters);
                e.Result = Finish(isCanceled: false);
            }

            throw;
        }
    }

    /// <summary>What is thrown where training is canceled before there is a model.</summary>
    public static OperationCanceledException Canceled(OperationCanceledException e, CancellationToken cancellationToken) =>
        new("Training was canceled before its first epoch was over: there is no model yet.", e, cancellationToken);

    public void Dispose()
    {
        _state.Dispose();
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private void TrainHead(CancellationToken cancellationToken)
    {
        _progress.Estimate.Plan(TrainingPhase.Features, _train.Count + _validation.Count);
        if (!IsSolved)
        {
            Plan(_train.Count, _validation.Count);
        }

        try
        {
            using BatchLoader trainLoader = Loader(_train, cacheBytes: 0);
            using BatchLoader validationLoader = Loader(_validation, cacheBytes: 0);
            Graph backbone = _network.Graph.UpTo(_network.Graph.Features);
            FeatureSet train;
            FeatureSet validation;
            using (var predictor = new Predictor(_network.Engine, backbone, _network.Parameters, preprocessing: null, _options.BatchSize))
            {
                _progress.Begin(trainLoader.BatchesPerEpoch + validationLoader.BatchesPerEpoch);
                void BatchDone(int images) => _progress.Batch(TrainingPhase.Features, 0, images);
                train = FeatureExtractor.Run(predictor, trainLoader, BatchDone, cancellationToken);
                validation = FeatureExtractor.Run(predictor, validationLoader, BatchDone, cancellationToken);
            }

            var validator = new FeatureValidator(_network.Engine, _trained, validation, _train.ClassNames);
            if (IsSolved)
            {
                SolveHead(train, validator, cancellationToken);
                return;
            }

            Plan(train.Count, validation.Count);
            using var source = new FeatureBatchSource(train, _options.BatchSize, _options.Seed, _options.ClassBalance.BalancedSampling);
            Loop(source, validator, checkpoint: null, cancellationToken);
        }
        finally
        {
            KeepSkipped();
        }
    }

    // The solution is the run's one row: no epoch is chosen, so the held-out images' figures favor nothing.
    private void SolveHead(FeatureSet features, FeatureValidator validator, CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        _progress.Begin(HeadSolver.MostPoints + 1);
        void PointDone(RegularizationPoint? point) => _progress.Batch(TrainingPhase.Solving, 1, features.Count, point is null ? default : Totals(point, features.Count));
        HeadSolution solution = HeadSolving.Solve(_trained, _network.Parameters, features, _train, _options, PointDone, cancellationToken);
        _regularization = solution.Path;
        EvaluationResult own = new FeatureValidator(_network.Engine, _trained, features, _train.ClassNames).Evaluate(_network.Parameters, _ => { }, CancellationToken.None);
        EvaluationResult report = validator.Evaluate(_network.Parameters, _ => { }, CancellationToken.None);
        var row = new EpochResult(1, Time.GetElapsedTime(start).TotalSeconds, own.Loss, own.Accuracy, report.Loss, report.Accuracy, 0);
        _state.Best.TryUpdate(row, report, _network.Parameters);
        _state.Epochs.Add(row);
        EpochCompleted(row, isBest: true);
        _progress.Epoch(row, isBest: true, default, TrainingPhase.Solving);
        if (!solution.HasConverged)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _warnings.Add("The head's loss still fell when its solver reached the most steps it makes: this is not quite the optimum.");
        }
    }

    private static EpochTotals Totals(RegularizationPoint point, int images) =>
        new(images, point.Loss * images, (long)Math.Round(point.Accuracy * images), 0);

    private void TrainAll(CancellationToken cancellationToken)
    {
        Plan(_train.Count, _validation.Count);
        using var source = new ImageBatchSource(Loader(_train, shuffle: true));
        using BatchLoader validationLoader = Loader(_validation, cacheBytes: ValidationCacheBytes);
        var validator = new ImageValidator(_network.Engine, _network.Graph, validationLoader, _options.BatchSize);
        try
        {
            using CheckpointReader? checkpoint = Resumes ? Checkpoints?.OpenLast() : null;
            WarnOfAnotherEngine(checkpoint);
            checkpoint?.Restore(_state, validator, cancellationToken);
            Loop(source, validator, checkpoint, cancellationToken);
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(DescribeWhatFits(Math.Min(_options.BatchSize, source.Images)), e);
        }
        finally
        {
            KeepSkipped();
        }
    }

    private string DescribeWhatFits(int batch)
    {
        string fits = BatchSizeFinder.Below(batch, half => FineTuneNetwork.Fits(_network, _options, half)) is { } size
            ? FormattableString.Invariant($"one of {size} fits")
            : "not even one of a single image fits";
        return FormattableString.Invariant($"A batch of {batch} images does not fit into the memory of {_network.Engine.Identity.Device}; {fits}.");
    }

    private void WarnOfAnotherEngine(CheckpointReader? checkpoint)
    {
        EngineIdentity own = _network.Engine.Identity;
        if (checkpoint is { Engine: var before } && (before ?? EngineIdentity.Managed) is var engine && engine != own)
        {
            _warnings.Add($"The checkpoint was written by {engine}; training goes on with {own}: the same recipe, but not the same bits as without the interruption.");
        }
    }

    // Trains stage after stage, each with an optimizer of its own; what was done before the checkpoint is left out.
    private void Loop(IBatchSource source, IValidator validator, CheckpointReader? checkpoint, CancellationToken cancellationToken)
    {
        int batch = Math.Min(_options.BatchSize, source.Images);
        var objective = new ClassificationObjective(_trained.Input.Shape, _train, _options, batch, areImages: !IsHeadOnly);
        TrainingPosition position = checkpoint?.Position ?? default;
        foreach (TrainingStage stage in TrainingStage.Of(_options).Where(s => s.End > position.Epoch))
        {
            using ITrainingSession session = FineTuneNetwork.CreateSession(_network, _trained, _options, objective, stage.IsHead, batch);
            checkpoint?.Restore(session);

            // The next checkpoint takes the file's place.
            checkpoint?.Dispose();
            checkpoint = null;
            TrainingLoop loop = Loop(stage, session, source, objective, validator, position);
            try
            {
                if (loop.Run(stage.End, cancellationToken))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Save(loop.Position, session);
                throw;
            }

            position = loop.Position;
        }
    }

    private TrainingLoop Loop(
        TrainingStage stage, ITrainingSession session, IBatchSource source, IObjective objective, IValidator validator, TrainingPosition position)
    {
        int updates = (source.Batches + _options.Optimizer.AccumulationSteps - 1) / _options.Optimizer.AccumulationSteps;
        var rates = new ScheduledRates(
            stage,
            stage.IsHead ? new ConstantSchedule() : Schedule ?? LearningRateSchedule.Create(_options, stage.Epochs, updates),
            _options.LearningRate.GetValueOrDefault(),
            updates,
            _options.Schedule.Kind == ScheduleKind.Plateau && !stage.IsHead ? new PlateauRule(_options.Schedule.PlateauPatience, _options.Schedule.MaxRateReductions) : null,
            _state.Epochs);
        var callbacks = new List<TrainingCallback> { new ProgressCallback(_progress) };
        if (Checkpoints is not null)
        {
            callbacks.Add(new CheckpointCallback(Checkpoints, at => Save(at, session)));
        }

        if (_state.Average is { } average)
        {
            callbacks.Add(new AverageCallback(average));
        }

        callbacks.Add(new ValidationCallback
        {
            Validator = validator,
            State = _state,
            Progress = _progress,
            EpochCompleted = EpochCompleted,
            IsOver = epoch => !stage.IsHead && (HasWaited(stage, epoch) || rates.IsOver),
        });
        return new TrainingLoop
        {
            Session = session,
            Source = source,
            Objective = objective,
            Rates = rates,
            AccumulationSteps = _options.Optimizer.AccumulationSteps,
            Callbacks = callbacks,
            Position = position,
            Time = Time,
        };
    }

    private bool HasWaited(TrainingStage stage, int epoch) =>
        _options.Patience > 0 && epoch - Math.Max(stage.First, _state.Best.Epoch?.Epoch ?? 0) >= _options.Patience;

    private void Save(TrainingPosition position, ITrainingSession session) => Checkpoints?.Write(position, _state, session, Skipped());

    private void EpochCompleted(EpochResult epoch, bool isBest)
    {
        TrainingLog.EpochCompleted(Logger, epoch.Epoch, epoch.TrainLoss, epoch.ValLoss, epoch.ValAccuracy, isBest);
        Output?.EpochCompleted(_state.Epochs, _state.Best.Epoch);

        // Minutes may have gone into this epoch; a head's whole training is done in less than that.
        if (isBest && !IsHeadOnly)
        {
            Output?.SaveBest(path => Model().Save(path, _state.Best.Values));
        }
    }

    private TrainingResult Finish(bool isCanceled)
    {
        // A model that training goes on from may have seen what is held out now.
        List<SkippedFile> skipped = Skipped();
        if (SeenOf(_network.TrainingImages, _seenBefore, skipped) is > 0 and var seen)
        {
            _warnings.Insert(0, FormattableString.Invariant($"The model that training goes on from was trained on {seen} of the {_validation.Count} images that are held out now: the figures are better than on images that it has not seen."));
        }

        _warnings.AddRange(_state.Best.Report?.Unmeasured(_validation) ?? []);
        if (!isCanceled && _state.Epochs.Count == Epochs && CurveDiagnosis.EndsTooEarly(_state.Epochs))
        {
            _warnings.Add(FormattableString.Invariant($"Training ended after {Epochs} epochs while the loss still fell: more epochs, or a higher learning rate, would go on."));
        }

        ParameterStore last = _network.Engine.CreateParameters(_network.Graph.Parameters);
        last.CopyFrom(_network.Parameters);
        _state.Best.Restore(_network.Parameters);
        _ownsNetwork = false;
        return new TrainingResult(Model(), last)
        {
            Options = _options,
            Epochs = _state.Epochs,
            BestEpoch = _state.Best.Epoch,
            Validation = _state.Best.Report?.WithTrainedOn(SeenOf(_trainingImages.GetAwaiter().GetResult(), _seenOfValidation, skipped)),
            Skipped = skipped,
            Regularization = _regularization,
            Warnings = [.. Warnings, .. _warnings],
            IsCanceled = isCanceled,
            Elapsed = _progress.Elapsed,
        };
    }

    // What was counted beside the training holds unless a file turned out to be no image.
    private int SeenOf(TrainingImages? images, Task<int> counted, List<SkippedFile> skipped)
    {
        int seen = counted.GetAwaiter().GetResult();
        return seen > 0 && skipped.Count > 0 ? images!.CountIn(_validation, skipped) : seen;
    }

    private TrainedModel Model() => new(_network.Network, _network.Graph, _train.ClassNames, _network.Preprocessing, _network.Engine, _network.Parameters)
    {
        TrainingRecord = TrainingRecord.Create(_options, _train, _validation, _state.Best.Epoch, _network.Engine.Identity),
        TrainingImages = _trainingImages.GetAwaiter().GetResult(),
    };

    private BatchLoader Loader(ImageDataset dataset, bool shuffle = false, long? cacheBytes = null)
    {
        int threads = _options.Compute.LoaderThreads > 0 ? _options.Compute.LoaderThreads : _options.Compute.Threads > 0 ? _options.Compute.Threads : Environment.ProcessorCount;
        var loader = new BatchLoader(dataset, _network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Balance = shuffle && _options.ClassBalance.BalancedSampling,
            Seed = _options.Seed,
            Augmentation = shuffle ? _options.Augmentation ?? AugmentationPolicy.None : AugmentationPolicy.None,
            WorkerThreads = threads,
            CacheBytes = cacheBytes ?? new BatchLoaderOptions().CacheBytes,
        });
        _loaders.Add(loader);
        return loader;
    }

    private void Plan(int train, int validation)
    {
        _progress.Estimate.Plan(TrainingPhase.Training, (long)Epochs * train);
        _progress.Estimate.Plan(TrainingPhase.Evaluating, (long)Epochs * validation);
    }

    private void KeepSkipped()
    {
        _state.Skipped.AddRange(_loaders.SelectMany(loader => loader.Skipped));
        _loaders.Clear();
    }

    // A run that was resumed meets the same files again.
    private List<SkippedFile> Skipped() => [.. _state.Skipped.Concat(_loaders.SelectMany(loader => loader.Skipped)).DistinctBy(s => s.Path, StringComparer.Ordinal)];
}
