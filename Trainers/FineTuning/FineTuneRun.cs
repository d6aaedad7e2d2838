using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>One run of the trainer.</summary>
internal sealed class FineTuneRun : IDisposable
{
    private const long ValidationCacheBytes = 256L << 20;

    private readonly TrainedModel _network;
    private readonly FineTuneOptions _options;
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;
    private readonly ProgressReporter _progress;
    private readonly List<EpochResult> _epochs = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly List<BatchLoader> _loaders = [];
    private readonly BestCheckpoint _best;
    private readonly Graph _trained;
    private readonly WeightAverage? _average;
    private bool _ownsNetwork = true;

    public FineTuneRun(TrainedModel network, FineTuneOptions options, ImageDataset train, ImageDataset validation, ProgressReporter progress)
    {
        _network = network;
        _options = options;
        _train = train;
        _validation = validation;
        _progress = progress;
        _trained = IsHeadOnly ? network.Graph.After(network.Graph.Features) : network.Graph;
        _best = new BestCheckpoint(network.Engine.CreateParameters(_trained.Parameters));
        _average = options.EmaDecay > 0 ? new WeightAverage(network.Engine, _trained.Parameters, network.Parameters, options.EmaDecay) : null;
    }

    public RunFolder? Folder { get; init; }

    /// <summary>Writes checkpoints and has the one to go on from; null for none.</summary>
    public CheckpointWriter? Checkpoints { get; init; }

    /// <summary>Whether to go on from the checkpoint, where there is one.</summary>
    public bool Resumes { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    private int Epochs => _options.Epochs.GetValueOrDefault();

    private bool IsHeadOnly => _options.Unfreeze == Unfreeze.Head;

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

            return Finish(isCancelled: false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Finish(isCancelled: true);
        }
        catch (TrainingDivergedException e)
        {
            if (_best.Epoch is not null)
            {
                // What the last step left may hold the numbers that are none.
                _best.Restore(_network.Parameters);
                e.Result = Finish(isCancelled: false);
            }

            throw;
        }
    }

    public void Dispose()
    {
        _best.Dispose();
        _average?.Dispose();
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private void TrainHead(CancellationToken cancellationToken)
    {
        _progress.Estimate.Plan(TrainingPhase.Features, _train.Count + _validation.Count);
        Plan(_train.Count, _validation.Count);
        try
        {
            using BatchLoader trainLoader = Loader(_train, cacheBytes: 0);
            using BatchLoader validationLoader = Loader(_validation, cacheBytes: 0);
            Graph backbone = _network.Graph.UpTo(_network.Graph.Features);
            FeatureSet train;
            FeatureSet validation;
            using (IInferenceSession session = _network.Engine.CreateInference(backbone, _network.Parameters, _options.BatchSize))
            {
                _progress.Begin(trainLoader.BatchesPerEpoch + validationLoader.BatchesPerEpoch);
                void BatchDone(int images) => _progress.Batch(TrainingPhase.Features, 0, images);
                train = FeatureExtractor.Run(session, trainLoader, BatchDone, cancellationToken);
                validation = FeatureExtractor.Run(session, validationLoader, BatchDone, cancellationToken);
            }

            Plan(train.Count, validation.Count);
            using var source = new FeatureBatchSource(train, _options.BatchSize, _options.Seed, _options.BalancedSampling);
            Loop(source, new FeatureValidator(_network.Engine, _trained, validation, _train.ClassNames), checkpoint: null, file: null, cancellationToken);
        }
        finally
        {
            KeepSkipped();
        }
    }

    private void TrainAll(CancellationToken cancellationToken)
    {
        Plan(_train.Count, _validation.Count);
        using var source = new ImageBatchSource(Loader(_train, shuffle: true));
        using BatchLoader validationLoader = Loader(_validation, cacheBytes: ValidationCacheBytes);
        SafetensorsReader? file = null;
        try
        {
            TrainingCheckpoint? checkpoint = Resumes ? Checkpoints?.Open(out file) : null;
            var validator = new ImageValidator(_network.Engine, _network.Graph, validationLoader, _options.BatchSize);
            if (checkpoint is not null)
            {
                Restore(checkpoint, file!, validator, cancellationToken);
            }

            Loop(source, validator, checkpoint, file, cancellationToken);
        }
        finally
        {
            file?.Dispose();
            KeepSkipped();
        }
    }

    private void Restore(TrainingCheckpoint state, SafetensorsReader file, ImageValidator validator, CancellationToken cancellationToken)
    {
        TrainingCheckpoint.Restore(file, "values", _network.Parameters);
        _epochs.AddRange(state.Epochs);
        _skipped.AddRange(state.Skipped);
        if (_average is not null)
        {
            TrainingCheckpoint.Restore(file, "average", _average.Values);
            _average.Steps = state.AverageSteps;
        }

        if (state.BestEpoch is { } best)
        {
            // Its report is not kept: the same values give the same again.
            TrainingCheckpoint.Restore(file, "best", _best.Values);
            _best.Resume(_epochs.First(e => e.Epoch == best), validator.Evaluate(_best.Values, _ => { }, cancellationToken));
        }
    }

    // Trains stage after stage, each with an optimizer of its own; what was done before the checkpoint is left out.
    private void Loop(IBatchSource source, IValidator validator, TrainingCheckpoint? checkpoint, SafetensorsReader? file, CancellationToken cancellationToken)
    {
        int batch = Math.Min(_options.BatchSize, source.Images);
        var objective = new ClassificationObjective(_trained.Input.Shape, _train, _options, batch, areImages: !IsHeadOnly);
        TrainingPosition position = checkpoint?.Position ?? default;
        foreach (TrainingStage stage in TrainingStage.Of(_options).Where(s => s.End > position.Epoch))
        {
            using ITrainingSession session = FineTuneNetwork.CreateSession(_network, _trained, _options, objective, stage.IsHead, batch);
            checkpoint?.Restore(file!, session);
            file?.Dispose();
            (checkpoint, file) = (null, null);
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
        int updates = (source.Batches + _options.AccumulationSteps - 1) / _options.AccumulationSteps;
        var rates = new ScheduledRates(
            stage,
            stage.IsHead ? new ConstantSchedule() : LearningRateSchedule.Create(_options, stage.Epochs, updates),
            _options.LearningRate.GetValueOrDefault(),
            updates,
            _options.Schedule == ScheduleKind.Plateau && !stage.IsHead ? new PlateauRule(_options.PlateauPatience, _options.PlateauDrops) : null,
            _epochs);
        var callbacks = new List<TrainingCallback> { new ProgressCallback(_progress) };
        if (Checkpoints is not null)
        {
            callbacks.Add(new CheckpointCallback(Checkpoints, at => Save(at, session)));
        }

        if (_average is not null)
        {
            callbacks.Add(new AverageCallback(_average));
        }

        callbacks.Add(new ValidationCallback
        {
            Validator = validator,
            Values = _average?.Values ?? _network.Parameters,
            Best = _best,
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
            AccumulationSteps = _options.AccumulationSteps,
            Callbacks = callbacks,
            Position = position,
            Time = Time,
        };
    }

    private bool HasWaited(TrainingStage stage, int epoch) =>
        _options.Patience > 0 && epoch - Math.Max(stage.First, _best.Epoch?.Epoch ?? 0) >= _options.Patience;

    private void Save(TrainingPosition position, ITrainingSession session)
    {
        if (!IsHeadOnly)
        {
            Checkpoints?.Write(position, _network.Parameters, _best, _average, session, _epochs, Skipped());
        }
    }

    private void EpochCompleted(EpochResult epoch, bool isBest)
    {
        _epochs.Add(epoch);
        TrainingLog.EpochCompleted(Logger, epoch.Epoch, epoch.TrainLoss, epoch.ValLoss, epoch.ValAccuracy, isBest);
        if (Folder is null)
        {
            return;
        }

        Folder.WriteEpochs(_epochs, _best.Epoch?.Epoch);

        // Minutes may have gone into this epoch; a head's whole training is done in less than that.
        if (isBest && !IsHeadOnly)
        {
            Model().Save(Folder.BestWeights, _best.Values);
        }
    }

    private TrainingResult Finish(bool isCancelled)
    {
        ParameterStore last = _network.Engine.CreateParameters(_network.Graph.Parameters);
        last.CopyFrom(_network.Parameters);
        _best.Restore(_network.Parameters);
        _ownsNetwork = false;
        return new TrainingResult
        {
            Model = Model(),
            Last = last,
            Options = _options,
            Epochs = _epochs,
            BestEpoch = _best.Epoch,
            Validation = _best.Report,
            Skipped = Skipped(),
            Warnings = Warnings,
            IsCancelled = isCancelled,
            Elapsed = _progress.Elapsed,
        };
    }

    private TrainedModel Model() => new(_network.Network, _network.Graph, _train.ClassNames, _network.Preprocessing, _network.Engine, _network.Parameters)
    {
        TrainingRecord = TrainingRecord.Create(_options, _train, _validation, _best.Epoch),
    };

    private BatchLoader Loader(ImageDataset dataset, bool shuffle = false, long? cacheBytes = null)
    {
        int threads = _options.LoaderThreads > 0 ? _options.LoaderThreads : _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount;
        var loader = new BatchLoader(dataset, _network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Balance = shuffle && _options.BalancedSampling,
            Seed = _options.Seed,
            Augmentation = shuffle ? AugmentationPolicy.Parse(_options.Augmentation ?? AugmentationPolicy.None.Name) : AugmentationPolicy.None,
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
        _skipped.AddRange(_loaders.SelectMany(loader => loader.Skipped));
        _loaders.Clear();
    }

    // A run that was resumed meets the same files again.
    private List<SkippedFile> Skipped() => [.. _skipped.Concat(_loaders.SelectMany(loader => loader.Skipped)).DistinctBy(s => s.Path, StringComparer.Ordinal)];
}
