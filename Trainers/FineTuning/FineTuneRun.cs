using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>One run of the trainer.</summary>
internal sealed class FineTuneRun : IDisposable
{
    private const long ValidationCacheBytes = 256L << 20;

    private readonly FineTuneNetwork _network;
    private readonly FineTuneOptions _options;
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;
    private readonly ProgressReporter _progress;
    private readonly List<EpochResult> _epochs = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly BestKeeper _best;
    private readonly Graph _trained;
    private bool _ownsNetwork = true;

    public FineTuneRun(FineTuneNetwork network, FineTuneOptions options, ImageDataset train, ImageDataset validation, ProgressReporter progress)
    {
        _network = network;
        _options = options;
        _train = train;
        _validation = validation;
        _progress = progress;
        _trained = IsHeadOnly ? network.Graph.After(network.Graph.Features) : network.Graph;
        _best = new BestKeeper(new ParameterSet(_trained.Parameters, network.Parameters.Device));
    }

    public RunFolder? Folder { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    private int Epochs => _options.Epochs.GetValueOrDefault();

    private bool IsHeadOnly => _options.Unfreeze == Unfreeze.Head;

    /// <summary>Trains and keeps the best epoch.</summary>
    public TrainingResult Execute(CancellationToken cancellationToken)
    {
        try
        {
            bool isCancelled = IsHeadOnly ? TrainHead(cancellationToken) : TrainAll(cancellationToken);
            return Finish(isCancelled);
        }
        catch (TrainingDivergedException e)
        {
            e.Result = _best.Epoch is null ? null : Finish(isCancelled: false);
            throw;
        }
    }

    public void Dispose()
    {
        _best.Dispose();
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private bool TrainHead(CancellationToken cancellationToken)
    {
        _progress.Estimate.Plan(TrainingPhase.Features, _train.Count + _validation.Count);
        Plan(_train.Count, _validation.Count);
        FeatureSet? train = null;
        FeatureSet? validation = null;
        try
        {
            using BatchLoader trainLoader = Loader(_train, cacheBytes: 0);
            using BatchLoader validationLoader = Loader(_validation, cacheBytes: 0);
            Graph backbone = _network.Graph.UpTo(_network.Graph.Features);
            using (var session = new InferenceSession(backbone, _network.Parameters, _options.BatchSize))
            {
                _progress.Begin(trainLoader.BatchesPerEpoch + validationLoader.BatchesPerEpoch);
                void BatchDone(int images) => _progress.Batch(TrainingPhase.Features, 0, images);
                train = FeatureExtractor.Run(session, trainLoader, BatchDone, cancellationToken);
                validation = FeatureExtractor.Run(session, validationLoader, BatchDone, cancellationToken);
            }

            Plan(train.Count, validation.Count);
            AddSkipped(trainLoader, validationLoader);
            using var source = new FeatureBatchSource(train, _options.BatchSize, _options.Seed);
            return Loop(source, new FeatureValidator(_trained, validation, _train.ClassNames), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            train?.Dispose();
            validation?.Dispose();
        }
    }

    private bool TrainAll(CancellationToken cancellationToken)
    {
        Plan(_train.Count, _validation.Count);
        BatchLoader trainLoader = Loader(_train, shuffle: true);
        using var source = new ImageBatchSource(trainLoader);
        using BatchLoader validationLoader = Loader(_validation, cacheBytes: ValidationCacheBytes);
        try
        {
            return Loop(source, new ImageValidator(_network.Graph, validationLoader, _options.BatchSize), cancellationToken);
        }
        finally
        {
            AddSkipped(trainLoader, validationLoader);
        }
    }

    private bool Loop(IBatchSource source, IValidator validator, CancellationToken cancellationToken)
    {
        int batch = Math.Min(_options.BatchSize, source.Images);
        var sessionOptions = new TrainingSessionOptions { MaxBatch = batch, Seed = (ulong)_options.Seed, LabelSmoothing = (float)_options.LabelSmoothing };
        using var session = new TrainingSession(_trained, _network.Parameters, sessionOptions);
        using Optimizer optimizer = Optimizer.Create(_options, _network.Parameters.Device, ParameterGroups.Create(session.Trained, _network.Graph, _options));
        var loop = new EpochLoop(batch)
        {
            Epochs = Epochs,
            Patience = _options.Patience,
            LearningRate = _options.LearningRate.GetValueOrDefault(),
            Parameters = _network.Parameters,
            Session = session,
            Optimizer = optimizer,
            Schedule = LearningRateSchedule.Create(_options.Schedule, Epochs, source.Batches),
            Source = source,
            Validator = validator,
            Best = _best,
            Progress = _progress,
            EpochCompleted = EpochCompleted,
        };
        return loop.Run(cancellationToken);
    }

    private void EpochCompleted(EpochResult epoch, bool isBest)
    {
        _epochs.Add(epoch);
        if (Folder is null)
        {
            return;
        }

        Folder.WriteEpochs(_epochs, _best.Epoch?.Epoch);

        // Minutes may have gone into this epoch; a head's whole training is done in less than that.
        if (isBest && !IsHeadOnly)
        {
            Model().Save(Folder.BestWeights);
        }
    }

    private TrainingResult Finish(bool isCancelled)
    {
        var last = new ParameterSet(_network.Graph.Parameters, _network.Parameters.Device);
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
            Report = _best.Report,
            Skipped = _skipped,
            Warnings = Warnings,
            IsCancelled = isCancelled,
            Elapsed = _progress.Elapsed,
        };
    }

    private TrainedModel Model() => new(_network.Spec, _network.Graph, _train.ClassNames, _network.Preprocessing, _network.Parameters)
    {
        TrainingRecord = TrainingRecord.Create(_options, _train, _validation, _best.Epoch),
    };

    private BatchLoader Loader(ImageDataset dataset, bool shuffle = false, long? cacheBytes = null)
    {
        int threads = _options.LoaderThreads > 0 ? _options.LoaderThreads : _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount;
        var options = new BatchLoaderOptions();
        return new BatchLoader(dataset, _network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = shuffle,
            Seed = _options.Seed,
            Augmentation = shuffle ? AugmentationPolicy.Parse(LowerCaseNaming.NameOf(_options.Augmentation.GetValueOrDefault())) : AugmentationPolicy.None,
            WorkerThreads = threads,
            CacheBytes = cacheBytes ?? options.CacheBytes,
        });
    }

    private void Plan(int train, int validation)
    {
        _progress.Estimate.Plan(TrainingPhase.Training, (long)Epochs * train);
        _progress.Estimate.Plan(TrainingPhase.Evaluating, (long)Epochs * validation);
    }

    private void AddSkipped(params ReadOnlySpan<BatchLoader> loaders)
    {
        foreach (BatchLoader loader in loaders)
        {
            _skipped.AddRange(loader.Skipped);
        }
    }
}
