using System.Diagnostics;
using MLClassify.Datasets;
using MLClassify.Trainers;

namespace MLClassify.Cli.Commands;

/// <summary>Chooses how long the demo trains: as many epochs as this machine has time for.</summary>
internal static class DemoPlan
{
    private const int FewestEpochs = 4;
    private const int MostEpochs = 24;
    private const int ProbeImages = 96;

    /// <summary>Seconds for painting and training together, of two minutes that hold the first build as well; training has at least a third.</summary>
    private const double Budget = 70;

    private static readonly FineTuneOptions Options = new()
    {
        Backbone = "alexnet_half",
        ImageSize = 96,
        BatchSize = 32,
        Optimizer = OptimizerKind.Adam,
        Schedule = ScheduleKind.OneCycle,
        LearningRate = 7e-4,
        Augmentation = AugmentationKind.Flip,
        Epochs = 1,
    };

    /// <summary>Trains a moment to see how fast this machine is.</summary>
    /// <param name="train">Pictures to learn from.</param>
    /// <param name="validation">Pictures held out.</param>
    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <param name="spent">What painting took.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<FineTuneOptions> FitToMachineAsync(
        ImageDataset train, ImageDataset validation, long seed, int threads, TimeSpan spent, CancellationToken cancellationToken)
    {
        FineTuneOptions options = Options with { Seed = seed, Threads = threads };
        int step = Math.Max(1, train.Count / ProbeImages);
        var few = new ImageDataset(train.ClassNames, train.Samples.Where((_, i) => i % step == 0));
        var one = new ImageDataset(validation.ClassNames, validation.Samples.Take(options.BatchSize));
        var timer = new StepTimer();
        using TrainingResult probe = await new FineTuneTrainer(options).FitAsync(few, one, timer, cancellationToken).ConfigureAwait(false);
        double perImage = timer.SecondsPerImage;
        double epoch = perImage * (train.Count + (validation.Count / 3.0));
        int epochs = epoch > 0 ? (int)Math.Clamp(Math.Max(Budget / 3, Budget - spent.TotalSeconds) / epoch, FewestEpochs, MostEpochs) : FewestEpochs;
        return options with { Epochs = epochs };
    }

    /// <summary>Times the steps after the first, which also compiles code.</summary>
    private sealed class StepTimer : IProgress<TrainingProgress>
    {
        private readonly int _batch = Options.BatchSize;
        private long _start;
        private int _steps;
        private double _seconds;

        public double SecondsPerImage => _steps == 0 ? 0 : _seconds / (_steps * (double)_batch);

        public void Report(TrainingProgress value)
        {
            if (value.Phase != TrainingPhase.Training)
            {
                return;
            }

            if (_start == 0)
            {
                _start = Stopwatch.GetTimestamp();
                return;
            }

            _seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            _steps++;
        }
    }
}
