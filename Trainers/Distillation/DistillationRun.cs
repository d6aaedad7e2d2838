using System.Diagnostics;
using MLClassify.Datasets;
using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>One run of the distillation.</summary>
internal sealed class DistillationRun : IDisposable
{
    private readonly DistillationOptions _options;
    private readonly FineTuneOptions _common;
    private readonly ImageDataset _train;
    private readonly ImageDataset? _validation;
    private readonly IProgress<DistillationProgress>? _progress;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Device _device;
    private readonly List<Teacher> _teachers = [];
    private readonly List<DistillationEpoch> _epochs = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly Graph _graph;
    private readonly PreprocessingSpec _preprocessing;
    private readonly ParameterSet _parameters;
    private readonly AugmentationPolicy _crops;
    private bool _ownsStudent = true;
    private long _step;

    public DistillationRun(
        DistillationOptions options, FineTuneOptions common, ImageDataset train, ImageDataset? validation, IProgress<DistillationProgress>? progress)
    {
        (_options, _common, _train, _validation, _progress) = (options, common, train, validation, progress);
        _device = Device.Cpu(options.Threads);
        _crops = new AugmentationPolicy("crops", [new RandomResizedCrop(options.SmallestCrop), new RandomHorizontalFlip()]);
        try
        {
            foreach (DistillationTeacher teacher in options.Teachers)
            {
                _teachers.Add(Teacher.Load(teacher, _device));
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
            _parameters = new ParameterSet(_graph.Parameters, _device);
            _parameters.Initialize((ulong)options.Seed);
            if (options.Weights is not null)
            {
                using IWeightFile weights = WeightFile.Open(options.Weights);
                WeightLoader.Load(_parameters, _graph, weights, new LoadOptions { AllowHeadMismatch = true });
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Action<DistillationResult>? EpochCompleted { get; init; }

    public DistillationResult Execute(CancellationToken cancellationToken)
    {
        bool isCancelled = false;
        try
        {
            Train(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            isCancelled = true;
        }

        DistillationResult result = Result(isCancelled);
        _ownsStudent = false;
        return result;
    }

    public void Dispose()
    {
        _teachers.ForEach(teacher => teacher.Dispose());
        if (_ownsStudent)
        {
            _parameters?.Dispose();
            _device.Dispose();
        }
    }

    private void Train(CancellationToken cancellationToken)
    {
        using TeacherTargets targets = Ask(_train, _options.Views, cancellationToken);
        using TeacherTargets? expected = _validation is null ? null : Ask(_validation, 0, cancellationToken);
        (double[] mean, double[] deviation) = targets.Moments();
        targets.Standardize(mean, deviation);
        expected?.Standardize(mean, deviation);

        using BatchLoader loader = Loader(_train, _preprocessing, _options.Views, shuffle: true);
        using BatchLoader? validation = _validation is null ? null : Loader(_validation, _preprocessing, views: 0);
        var sessionOptions = new TrainingSessionOptions { MaxBatch = BatchSize(_train), Seed = (ulong)_options.Seed };
        using var session = new TrainingSession(_graph, _parameters, sessionOptions);
        using Optimizer optimizer = Optimizer.Create(_common, _device, ParameterGroups.Create(session.Trained, _graph, _common));
        LearningRateSchedule schedule = LearningRateSchedule.Create(_common, _options.Epochs, loader.BatchesPerEpoch);
        try
        {
            for (int epoch = 1; epoch <= _options.Epochs; epoch++)
            {
                TimeSpan start = _clock.Elapsed;
                double loss = Epoch(epoch, loader, targets, session, optimizer, schedule, cancellationToken);
                double explained = validation is null ? double.NaN : Explained(validation, expected!, cancellationToken);
                var completed = new DistillationEpoch(epoch, (_clock.Elapsed - start).TotalSeconds, loss, explained);
                _epochs.Add(completed);
                EpochCompleted?.Invoke(Result(isCancelled: false));
                Report(TrainingPhase.Evaluating, epoch, _train.Count, _train.Count, loss, completed);
            }
        }
        finally
        {
            _skipped.AddRange(loader.Skipped);
        }
    }

    /// <summary>What the teachers say: about random views, or, when there are none, about the centre crop.</summary>
    private TeacherTargets Ask(ImageDataset pictures, int views, CancellationToken cancellationToken)
    {
        int passes = Math.Max(1, views);
        var targets = new TeacherTargets(passes, pictures.Count, _teachers.Sum(t => t.Length));
        try
        {
            long total = (long)pictures.Count * passes * _teachers.Count;
            long done = 0;
            int offset = 0;
            foreach (Teacher teacher in _teachers)
            {
                using BatchLoader loader = Loader(pictures, teacher.Preprocessing, views);
                for (int view = 0; view < passes; view++)
                {
                    void BatchDone(int count) => Report(TrainingPhase.Features, 0, done += count, total);
                    teacher.Describe(loader, view, BatchSize(pictures), targets, offset, BatchDone, cancellationToken);
                }

                offset += teacher.Length;
            }

            return targets;
        }
        catch
        {
            targets.Dispose();
            throw;
        }
    }

    private double Epoch(
        int epoch,
        BatchLoader loader,
        TeacherTargets targets,
        TrainingSession session,
        Optimizer optimizer,
        LearningRateSchedule schedule,
        CancellationToken cancellationToken)
    {
        long totalSteps = (long)loader.BatchesPerEpoch * _options.Epochs;
        float[] expected = new float[session.MaxBatch * targets.Length];
        int view = (epoch - 1) % _options.Views;
        double sum = 0;
        long seen = 0;
        foreach (Batch batch in loader.Epoch(epoch - 1, cancellationToken))
        {
            batch.Pixels.CopyTo(session.Input);
            Gather(targets, view, batch, expected);
            SchedulePoint point = schedule.At(_step, totalSteps);
            StepResult step = session.StepTowards(expected.AsSpan(0, batch.Count * targets.Length), _step++);
            if (!double.IsFinite(step.LossSum))
            {
                throw new TrainingDivergedException(epoch, _step - 1, _options.LearningRate * point.RateFactor, step.LossSum / batch.Count);
            }

            optimizer.Step(point);
            sum += step.LossSum;
            seen += batch.Count;
            Report(TrainingPhase.Training, epoch, seen, _train.Count, sum / seen);
        }

        return sum / seen;
    }

    private double Explained(BatchLoader loader, TeacherTargets expected, CancellationToken cancellationToken)
    {
        using var session = new InferenceSession(_graph, _parameters, BatchSize(loader.Dataset));
        double error = 0;
        double variance = 0;
        void Compare(int picture, ReadOnlySpan<float> row)
        {
            Span<float> target = expected[0, picture];
            for (int i = 0; i < row.Length; i++)
            {
                double difference = (double)row[i] - target[i];
                error += difference * difference;
                variance += (double)target[i] * target[i];
            }
        }

        FeatureExtractor.ForEach(session, loader, epoch: 0, Compare, batchDone: null, cancellationToken);
        return 1 - (error / variance);
    }

    private static void Gather(TeacherTargets targets, int view, Batch batch, Span<float> expected)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            targets[view, batch.Indices[i]].CopyTo(expected[(i * targets.Length)..]);
        }
    }

    private DistillationResult Result(bool isCancelled) => new()
    {
        Backbone = _graph.UpTo(_graph.Features),
        Parameters = _parameters,
        Preprocessing = _preprocessing,
        Options = _options,
        Epochs = [.. _epochs],
        Skipped = [.. _skipped],
        IsCancelled = isCancelled,
    };

    // Teachers and student get the same seed and so the same crops.
    private BatchLoader Loader(ImageDataset pictures, PreprocessingSpec spec, int views, bool shuffle = false) => new(pictures, spec, new BatchLoaderOptions
    {
        BatchSize = _options.BatchSize,
        Shuffle = shuffle,
        Seed = _options.Seed,
        Views = views,
        Augmentation = views == 0 ? AugmentationPolicy.None : _crops,
        WorkerThreads = _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount,
    });

    private int BatchSize(ImageDataset pictures) => Math.Min(_options.BatchSize, pictures.Count);

    private void Report(TrainingPhase phase, int epoch, long done, long total, double loss = double.NaN, DistillationEpoch? completed = null) =>
        _progress?.Report(new DistillationProgress
        {
            Phase = phase,
            Epoch = epoch,
            Epochs = _options.Epochs,
            Done = done,
            Total = total,
            TrainLoss = loss,
            Elapsed = _clock.Elapsed,
            Completed = completed,
        });
}
