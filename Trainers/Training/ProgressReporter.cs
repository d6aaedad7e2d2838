using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Turns counts into reports: rates, elapsed and remaining time.</summary>
/// <param name="sink">Receives the reports, or null for no reporting.</param>
/// <param name="epochs">Epochs of the run.</param>
/// <param name="time">Measures elapsed time.</param>
internal sealed class ProgressReporter(IProgress<TrainingProgress>? sink, int epochs, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _last;
    private EpochResult? _finished;
    private int _batch;
    private int _batches;

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>What each phase costs.</summary>
    public TimeEstimate Estimate { get; } = new();

    /// <summary>Starts a phase of an epoch.</summary>
    /// <param name="batches">Its batches.</param>
    /// <param name="done">How many of them are done already.</param>
    public void Begin(int batches, int done = 0)
    {
        (_batch, _batches) = (done, batches);
        _last = Elapsed;
    }

    /// <summary>Reports a batch.</summary>
    /// <param name="phase">The current phase.</param>
    /// <param name="epoch">The epoch, counted from 1.</param>
    /// <param name="images">Images in the batch.</param>
    /// <param name="totals">The epoch's training so far.</param>
    public void Batch(TrainingPhase phase, int epoch, int images, EpochTotals totals = default)
    {
        TimeSpan now = Elapsed;
        Estimate.Add(phase, images, now - _last);
        _last = now;
        _batch++;
        sink?.Report(Create(phase, epoch, totals));
    }

    /// <summary>Reports the end of an epoch.</summary>
    /// <param name="epoch">Its row.</param>
    /// <param name="isBest">Whether it is the best so far.</param>
    /// <param name="totals">Its training.</param>
    /// <param name="phase">The phase that it ends.</param>
    public void Epoch(EpochResult epoch, bool isBest, EpochTotals totals, TrainingPhase phase = TrainingPhase.Evaluating)
    {
        _finished = epoch;
        sink?.Report(Create(phase, epoch.Epoch, totals) with { Completed = epoch, IsBest = isBest });
    }

    private TrainingProgress Create(TrainingPhase phase, int epoch, EpochTotals totals) => new()
    {
        Phase = phase,
        Epoch = epoch,
        Epochs = epochs,
        Batch = _batch,
        Batches = Math.Max(_batch, _batches),
        TrainLoss = totals.Loss,
        TrainAccuracy = totals.Accuracy,
        ValidationLoss = _finished?.ValLoss,
        ValidationAccuracy = _finished?.ValAccuracy,
        LearningRate = totals.LearningRate,
        ImagesPerSecond = Estimate.Rate(phase),
        Elapsed = Elapsed,
        Remaining = Estimate.Remaining(),
    };
}
