using MLClassify.Datasets;
using MLClassify.Graphs.Sessions;
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
        Options = new FineTuneTrainer(options).Options;
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
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="progress">Told after every step; nobody when null.</param>
    /// <param name="cancellationToken">Ends the search after the step under way; the curve then has what was reached.</param>
    /// <exception cref="ArgumentException">The rates or the steps are out of range, or the pictures have fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">No picture could be read.</exception>
    public async Task<LearningRateCurve> RunAsync(ImageDataset train, IProgress<LearningRatePoint>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        FineTuneOptions.Check(nameof(From), From, double.Epsilon, double.MaxValue);
        FineTuneOptions.Check(nameof(To), To, double.Epsilon, float.MaxValue);
        FineTuneOptions.Check(nameof(Steps), Steps, 10, 100_000);
        if (To <= From)
        {
            throw new ArgumentException(FormattableString.Invariant($"{nameof(To)} is {To}; it must be above {nameof(From)}, {From}."));
        }

        if (train.ClassNames.Count < 2 || train.Count == 0)
        {
            throw new ArgumentException("The search needs pictures of at least two classes.", nameof(train));
        }

        StartingWeights? start = await FineTuneNetwork.StartAsync(Options, Resolver, progress: null, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Run(start, train, progress, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    private LearningRateCurve Run(StartingWeights? start, ImageDataset train, IProgress<LearningRatePoint>? progress, CancellationToken cancellationToken)
    {
        using FineTuneNetwork network = FineTuneNetwork.Create(Options, train.ClassNames, start);
        train = train.WithClasses(network.Labels);
        int batch = Math.Min(Options.BatchSize, train.Count);
        using TrainingSession session = network.CreateSession(network.Graph, Options, Options.Unfreeze == Unfreeze.Head, batch);

        // The rates' ratio is kept, the head's is 1 where the factor is.
        FineTuneOptions relative = Options with
        {
            BackboneLearningRate = Options.BackboneLearningRate / Options.LearningRate,
            LearningRate = 1,
        };
        using Optimizer optimizer = Optimizer.Create(relative, network.Parameters.Device, ParameterGroups.Create(session.Trained, network.Graph, relative));
        using var update = new GradientUpdate(session.Trained, network.Parameters.Device, optimizer, batches: 1, Options.ClipNorm);
        using var source = new ImageBatchSource(new BatchLoader(train, network.Preprocessing, new BatchLoaderOptions
        {
            BatchSize = Options.BatchSize,
            Shuffle = true,
            Balance = Options.BalancedSampling,
            Seed = Options.Seed,
            Augmentation = AugmentationPolicy.Parse(Options.Augmentation ?? AugmentationPolicy.None.Name),
        }));
        return Search(BatchStep.Create(source, session, network.Graph.Input.Shape, train, Options, batch, isPictures: true), update, progress, cancellationToken);
    }

    private LearningRateCurve Search(BatchStep batch, GradientUpdate update, IProgress<LearningRatePoint>? progress, CancellationToken cancellationToken)
    {
        var points = new List<LearningRatePoint>();
        double average = 0;
        double lowest = double.PositiveInfinity;
        int epoch = -1;
        for (int step = 0; step < Steps; step++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return new LearningRateCurve { Points = points, Diverged = false, IsCancelled = true };
            }

            double rate = From * Math.Pow(To / From, (double)step / (Steps - 1));
            StepResult result = epoch < 0 ? default : batch.Run(epoch, step);
            if (result.Samples == 0)
            {
                batch.Source.Begin(++epoch, 0);
                result = batch.Run(epoch, step);
            }

            double loss = result.LossSum / result.Samples;
            average = (Smoothing * average) + ((1 - Smoothing) * loss);
            double smoothed = average / (1 - Math.Pow(Smoothing, step + 1));
            if (!double.IsFinite(loss) || smoothed > Bound * lowest)
            {
                return new LearningRateCurve { Points = points, Diverged = true };
            }

            lowest = Math.Min(lowest, smoothed);
            var point = new LearningRatePoint(rate, loss, smoothed);
            points.Add(point);
            progress?.Report(point);
            update.Add(result.Samples);
            if (update.Step(new SchedulePoint(rate)) is not null)
            {
                return new LearningRateCurve { Points = points, Diverged = true };
            }
        }

        return new LearningRateCurve { Points = points, Diverged = false };
    }
}
