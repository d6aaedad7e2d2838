using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>One run of the distillation.</summary>
internal sealed class DistillationRun : IDisposable
{
    private readonly DistillationOptions _options;
    private readonly FineTuneOptions _common;
    private readonly ImageDataset _train;
    private readonly ImageDataset? _validation;
    private readonly IProgress<DistillationProgress>? _progress;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Engine _engine;
    private readonly List<Teacher> _teachers = [];
    private readonly List<DistillationEpoch> _epochs = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly Graph _graph;
    private readonly PreprocessingSpec _preprocessing;
    private readonly ParameterStore _parameters;
    private readonly AugmentationPolicy _crops;
    private bool _ownsStudent = true;

    public DistillationRun(
        DistillationOptions options,
        FineTuneOptions common,
        IReadOnlyList<InitialWeights> teachers,
        ImageDataset train,
        ImageDataset? validation,
        IProgress<DistillationProgress>? progress,
        TimeProvider time)
    {
        (_options, _common, _train, _validation, _progress, _time) = (options, common, train, validation, progress, time);
        _start = time.GetTimestamp();
        _engine = ModelFactory.CreateEngine(options.Compute);
        _crops = new AugmentationPolicy("crops", [new RandomResizedCrop(options.MinCropScale), new RandomHorizontalFlip()]);
        try
        {
            foreach ((DistillationTeacher teacher, InitialWeights start) in options.Teachers.Zip(teachers))
            {
                _teachers.Add(Teacher.Load(teacher, start, _engine));
            }

            NetworkDefinition student = NetworkRegistry.Default.Get(options.Student);
            int size = options.ImageSize ?? student.DefaultInputSize;
            _preprocessing = PreprocessingSpec.ForInput(size, student.ResizeRatio);
            _graph = student.Build(new NetworkOptions
            {
                Classes = _teachers.Sum(t => t.Length),
                InputHeight = size,
                InputWidth = size,
                Head = HeadKind.Linear,
                Dropout = 0,
            });
            _parameters = ModelFactory.CreateParameters(_engine, _graph, Initialize);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Action<DistillationResult>? EpochCompleted { get; init; }

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public DistillationResult Execute(CancellationToken cancellationToken)
    {
        DistillationLog.Started(
            Logger, _options.Student, string.Join(", ", _options.Teachers.Select(t => t.Backbone)), _train.Count, _validation?.Count ?? 0, _options.Epochs);
        bool isCanceled = false;
        try
        {
            Train(cancellationToken);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            isCanceled = _epochs.Count > 0
                ? true
                : throw new OperationCanceledException("Training was canceled before its first epoch was over: there is no student yet.", e, cancellationToken);
        }

        DistillationResult result = Result(isCanceled);
        DistillationLog.Ended(Logger, result, _time.GetElapsedTime(_start));
        _ownsStudent = false;
        return result;
    }

    public void Dispose()
    {
        _teachers.ForEach(teacher => teacher.Dispose());
        if (_ownsStudent)
        {
            _parameters?.Dispose();
            _engine.Dispose();
        }
    }

    private void Train(CancellationToken cancellationToken)
    {
        TeacherTargets targets = ComputeTeacherTargets(_train, _options.Views, cancellationToken);
        TeacherTargets? expected = _validation is null ? null : ComputeTeacherTargets(_validation, 0, cancellationToken);
        (double[] mean, double[] deviation) = targets.Moments();
        targets.Standardize(mean, deviation);
        expected?.Standardize(mean, deviation);

        BatchLoader loader = Loader(_train, _preprocessing, _options.Views, shuffle: true);
        using BatchLoader? validation = _validation is null ? null : Loader(_validation, _preprocessing, views: 0);
        int batch = BatchSize(_train);
        var objective = new TeacherObjective(targets, batch);
        using ITrainingSession session = _engine.CreateTraining(_graph, _parameters, new TrainingSpec
        {
            Groups = ParameterGroups.Create(_graph.Parameters.Where(p => p.IsTrainable), _graph, _common),
            Optimizer = FineTuneNetwork.OptimizerOf(_common),
            Loss = objective.Loss,
            MaxBatch = batch,
            Seed = (ulong)_options.Seed,
        });
        var stage = new TrainingStage(0, _options.Epochs, IsHead: false);
        LearningRateSchedule schedule = LearningRateSchedule.Create(_common, _options.Epochs, loader.BatchesPerEpoch);
        using var source = new ImageBatchSource(loader);
        var loop = new TrainingLoop
        {
            Session = session,
            Source = source,
            Objective = objective,
            Rates = new ScheduledRates(stage, schedule, _options.LearningRate, loader.BatchesPerEpoch, plateau: null, history: []),
            Callbacks = [new Watcher(this, validation, expected)],
            Position = default,
            Time = _time,
        };
        try
        {
            loop.Run(stage.End, cancellationToken);
        }
        finally
        {
            _skipped.AddRange(loader.Skipped);
        }
    }

    /// <summary>The teachers' features: of random views, or, when there are none, of the center crop.</summary>
    private TeacherTargets ComputeTeacherTargets(ImageDataset images, int views, CancellationToken cancellationToken)
    {
        int passes = Math.Max(1, views);
        var targets = new TeacherTargets(passes, images.Count, _teachers.Sum(t => t.Length));
        long total = (long)images.Count * passes * _teachers.Count;
        long done = 0;
        int offset = 0;
        foreach (Teacher teacher in _teachers)
        {
            using BatchLoader loader = Loader(images, teacher.Preprocessing, views);
            for (int view = 0; view < passes; view++)
            {
                void BatchDone(int count) => Report(TrainingPhase.Features, 0, done += count, total);
                teacher.Describe(loader, view, BatchSize(images), targets, offset, BatchDone, cancellationToken);
            }

            offset += teacher.Length;
        }

        return targets;
    }

    private double Explained(BatchLoader loader, TeacherTargets expected, CancellationToken cancellationToken)
    {
        using var predictor = new Predictor(_engine, _graph, _parameters, preprocessing: null, BatchSize(loader.Dataset));
        double error = 0;
        double variance = 0;
        void Compare(int image, ReadOnlySpan<float> row)
        {
            Span<float> target = expected[0, image];
            for (int i = 0; i < row.Length; i++)
            {
                double difference = (double)row[i] - target[i];
                error += difference * difference;
                variance += (double)target[i] * target[i];
            }
        }

        predictor.ForEach(loader, epoch: 0, Compare, batchDone: null, cancellationToken);
        return 1 - (error / variance);
    }

    private void Initialize(ParameterStore parameters)
    {
        parameters.Initialize((ulong)_options.Seed);
        if (_options.Weights is not null)
        {
            using IWeightFile weights = WeightFile.Open(_options.Weights);
            WeightLoader.Load(parameters, _graph, weights, new LoadOptions { AllowHeadMismatch = true });
        }
    }

    private DistillationResult Result(bool isCanceled) => new(_graph.UpTo(_graph.Features), _parameters, _engine)
    {
        Preprocessing = _preprocessing,
        Options = _options,
        Epochs = [.. _epochs],
        Skipped = [.. _skipped],
        IsCanceled = isCanceled,
    };

    // Teachers and student get the same seed and so the same crops.
    private BatchLoader Loader(ImageDataset images, PreprocessingSpec spec, int views, bool shuffle = false) => new(images, spec, new BatchLoaderOptions
    {
        BatchSize = _options.BatchSize,
        Shuffle = shuffle,
        Seed = _options.Seed,
        Views = views,
        Augmentation = views == 0 ? AugmentationPolicy.None : _crops,
        WorkerThreads = _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount,
    });

    private int BatchSize(ImageDataset images) => Math.Min(_options.BatchSize, images.Count);

    private void Report(TrainingPhase phase, int epoch, long done, long total, double loss = double.NaN, DistillationEpoch? completed = null) =>
        _progress?.Report(new DistillationProgress
        {
            Phase = phase,
            Epoch = epoch,
            Epochs = _options.Epochs,
            Done = done,
            Total = total,
            TrainLoss = loss,
            Elapsed = _time.GetElapsedTime(_start),
            Completed = completed,
        });

    /// <summary>Reports every batch, and measures after every epoch how much of the teachers' answers the student explains.</summary>
    private sealed class Watcher(DistillationRun run, BatchLoader? validation, TeacherTargets? expected) : TrainingCallback
    {
        public override void OnBatch(int epoch, int samples, EpochTotals totals) =>
            run.Report(TrainingPhase.Training, epoch, totals.Samples, run._train.Count, totals.Loss);

        public override bool OnEpochEnd(int epoch, EpochTotals totals, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
        {
            double explained = validation is null ? double.NaN : run.Explained(validation, expected!, cancellationToken);
            var completed = new DistillationEpoch(epoch, elapsed().TotalSeconds, totals.Loss, explained);
            run._epochs.Add(completed);
            DistillationLog.EpochCompleted(run.Logger, completed.Epoch, completed.TrainLoss, completed.Explained);
            run.EpochCompleted?.Invoke(run.Result(isCanceled: false));
            run.Report(TrainingPhase.Evaluating, epoch, run._train.Count, run._train.Count, totals.Loss, completed);
            return true;
        }
    }
}
