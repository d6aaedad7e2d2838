using MLClassify.Engines;
using MLClassify.Models;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// Finds a learning rate: trains with a rate that rises from step to step by the same factor, until the loss leaves all bounds. What was
/// trained is thrown away.
/// </summary>
public sealed class LearningRateFinder
{
    private const double Smoothing = 0.9;

    /// <summary>The multiple of the lowest smoothed loss at which there is no use going on.</summary>
    private const double Bound = 4;

    /// <summary>Checks the options.</summary>
    /// <param name="options">What is to be trained; rates and schedule do not matter, their ratio does.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public LearningRateFinder(FineTuneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FineTuneOptions resolved = new FineTuneTrainer(options).Options;
        Options = resolved.Optimizer.Kind == OptimizerKind.Lbfgs ? SolvedHead.Stepping(resolved) : resolved;
    }

    /// <summary>What is to be trained.</summary>
    public FineTuneOptions Options { get; }

    /// <summary>The first rate. Default 1e-6; above 0.</summary>
    public double From { get; init; } = 1e-6;

    /// <summary>The last rate. Default 10; above <see cref="From"/>.</summary>
    public double To { get; init; } = 10;

    /// <summary>Steps from one to the other. Default 100; 10 to 100,000.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Finds what <see cref="FineTuneOptions.Weights"/> names. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>Runs the search.</summary>
    /// <param name="train">Training images.</param>
    /// <param name="progress">Receives progress after every step, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the search after the current step; the curve then holds the steps done so far.</param>
    /// <exception cref="ArgumentException">The rates or the steps are out of range, or the images have fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">No image could be read.</exception>
    public async Task<LearningRateCurve> RunAsync(ImageDataset train, IProgress<LearningRatePoint>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        OptionRange.Check(nameof(From), From, double.Epsilon, double.MaxValue);
        OptionRange.Check(nameof(To), To, double.Epsilon, float.MaxValue);
        OptionRange.Check(nameof(Steps), Steps, 10, 100_000);
        if (To <= From)
        {
            throw OptionError.Create(nameof(To), FormattableString.Invariant($"{nameof(To)} is {To}; it must be above {nameof(From)}, {From}."));
        }

        if (train.ClassNames.Count < 2 || train.Count == 0)
        {
            throw new ArgumentException("The search needs images of at least two classes.", nameof(train));
        }

        (FineTuneOptions options, InitialWeights? start) = await FineTuneNetwork.StartAsync(Options, Resolver, progress: null, logger: null, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Run(options, start, train, progress, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private LearningRateCurve Run(
        FineTuneOptions options, InitialWeights? start, ImageDataset train, IProgress<LearningRatePoint>? progress, CancellationToken cancellationToken)
    {
        int? maximum = options.InitialModel is null && options.Input.Preprocessing is null ? SampleRange.Find(train, options.Compute.LoaderThreads) : null;
        using TrainedModel network = FineTuneNetwork.Create(options, train.ClassNames, start, maximum);
        train = train.WithClasses(network.Labels);
        int size = Options.FindBatchSize ? BatchSizeFinder.Find(train.Count, images => FineTuneNetwork.Fits(network, Options, images)) : Options.BatchSize;
        int batch = Math.Min(size, train.Count);

        // The rates' ratio is kept, the head's is 1 where the factor is; every batch makes a step.
        FineTuneOptions relative = Options with
        {
            Optimizer = Options.Optimizer with
            {
                BackboneLearningRate = Options.Optimizer.BackboneLearningRate / Options.LearningRate,
                AccumulationSteps = 1,
            },
            LearningRate = 1,
        };
        var objective = new ClassificationObjective(network.Graph.Input.Shape, train, Options, batch, areImages: true);
        using ITrainingSession session = FineTuneNetwork.CreateSession(
            network, network.Graph, relative, objective, Options.TrainableLayers == TrainableLayers.Head, batch);
        using var source = new ImageBatchSource(new BatchLoader(train, network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = size,
            Shuffle = true,
            Balance = Options.ClassBalance.BalancedSampling,
            Seed = Options.Seed,
            Augmentation = Options.Augmentation ?? AugmentationPolicy.None,
        }));
        var search = new Search(this, progress);
        var loop = new TrainingLoop
        {
            Session = session,
            Source = source,
            Objective = objective,
            Rates = search,
            Callbacks = [search.Callback],
            Position = default,
        };
        bool isCanceled = false;
        try
        {
            loop.Run(int.MaxValue, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            isCanceled = true;
        }

        return new LearningRateCurve { Points = search.Points, Diverged = search.Diverged, IsCanceled = isCanceled };
    }

    /// <summary>The rising rate, and what became of the loss.</summary>
    private sealed class Search : IRatePlan
    {
        private readonly LearningRateFinder _finder;
        private readonly IProgress<LearningRatePoint>? _progress;
        private int _step;
        private double _average;
        private double _lowest = double.PositiveInfinity;

        public Search(LearningRateFinder finder, IProgress<LearningRatePoint>? progress)
        {
            (_finder, _progress) = (finder, progress);
            Callback = new Watcher(this);
        }

        public List<LearningRatePoint> Points { get; } = [];

        public bool Diverged { get; private set; }

        public TrainingCallback Callback { get; }

        public StepSettings At(int epoch, int updates, out double learningRate)
        {
            learningRate = _finder.From * Math.Pow(_finder.To / _finder.From, (double)_step / (_finder.Steps - 1));
            return new StepSettings(learningRate);
        }

        private bool Add(StepMetrics metrics, double rate)
        {
            double loss = metrics.LossSum / metrics.Samples;
            _average = (Smoothing * _average) + ((1 - Smoothing) * loss);
            double smoothed = _average / (1 - Math.Pow(Smoothing, _step + 1));
            if (!double.IsFinite(loss) || smoothed > Bound * _lowest)
            {
                Diverged = true;
                return false;
            }

            _lowest = Math.Min(_lowest, smoothed);
            var point = new LearningRatePoint(rate, loss, smoothed);
            Points.Add(point);
            _progress?.Report(point);
            Diverged = metrics.NonFinite is not null;
            return !Diverged && ++_step < _finder.Steps;
        }

        private sealed class Watcher(Search search) : TrainingCallback
        {
            public override bool OnStep(StepMetrics metrics, double learningRate) => search.Add(metrics, learningRate);
        }
    }
}
