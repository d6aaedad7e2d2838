using System.Diagnostics;
using MLClassify.Engines;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>Writes a run's checkpoint from time to time.</summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">What the run is.</param>
/// <param name="every">The time between two of them; every step when zero.</param>
/// <param name="time">Measures it.</param>
internal sealed class CheckpointWriter(string path, string fingerprint, TimeSpan every, TimeProvider time)
{
    /// <summary>What computes, for the file.</summary>
    public EngineIdentity? Engine { get; init; }

    /// <summary>The batch that was found to fit, for the file; null where the options name one.</summary>
    public int? BatchSize { get; set; }

    /// <summary>Writing takes at most this share of the time.</summary>
    private const double LargestShare = 0.05;

    private long _written = time.GetTimestamp();
    private TimeSpan _cost;

    /// <summary>Whether it is time for the next one.</summary>
    public bool IsDue => every == TimeSpan.Zero || time.GetElapsedTime(_written) >= TimeSpan.FromTicks(Math.Max(every.Ticks, (long)(_cost.Ticks / LargestShare)));

    /// <summary>Opens the one that an earlier process wrote for the same run; null when there is none.</summary>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of a run with other options or images.</exception>
    public CheckpointReader? OpenLast() => CheckpointReader.Open(path, fingerprint);

    /// <summary>Writes one.</summary>
    /// <param name="position">The position of the run.</param>
    /// <param name="state">What it has so far.</param>
    /// <param name="session">What trains, whose optimizer has a state.</param>
    /// <param name="skipped">Files that could not be read so far.</param>
    public void Write(TrainingPosition position, TrainingState state, ITrainingSession session, IReadOnlyList<SkippedFile> skipped)
    {
        long start = time.GetTimestamp();
        var checkpoint = new TrainingCheckpoint
        {
            Fingerprint = fingerprint,
            Engine = Engine,
            BatchSize = BatchSize,
            Epoch = position.Epoch,
            Batch = position.Batch,
            Updates = position.Updates,
            Step = position.Step,
            Samples = position.Totals.Samples,
            LossSum = position.Totals.LossSum,
            Correct = position.Totals.Correct,
            LearningRate = position.Totals.LearningRate,
            OptimizerSteps = session.Steps,
            AverageSteps = state.Average?.Steps ?? 0,
            BestEpoch = state.Best.Epoch?.Epoch,
            Epochs = state.Epochs,
            Skipped = skipped,
        };
        checkpoint.Write(path, state.Values, state.Best.Epoch is null ? null : state.Best.Values, state.Average?.Values, session);
        _written = time.GetTimestamp();
        _cost = time.GetElapsedTime(start);
    }
}
