using MLClassify.Engines;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>Writes a run's checkpoint from time to time, and reads it.</summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">What the run is.</param>
/// <param name="every">The time between two of them; every step when zero.</param>
/// <param name="time">Measures it.</param>
internal sealed class CheckpointWriter(string path, string fingerprint, TimeSpan every, TimeProvider time)
{
    /// <summary>Writing takes at most this share of the time.</summary>
    private const double LargestShare = 0.05;

    private long _written = time.GetTimestamp();
    private TimeSpan _cost;

    /// <summary>Whether it is time for the next one.</summary>
    public bool IsDue => every == TimeSpan.Zero || time.GetElapsedTime(_written) >= TimeSpan.FromTicks(Math.Max(every.Ticks, (long)(_cost.Ticks / LargestShare)));

    /// <summary>Writes one.</summary>
    /// <param name="position">Where the run stands.</param>
    /// <param name="values">The network's values.</param>
    /// <param name="best">The best epoch.</param>
    /// <param name="average">The average, if there is one.</param>
    /// <param name="session">What trains, whose optimizer has a state.</param>
    /// <param name="epochs">The history.</param>
    /// <param name="skipped">Files that could not be read so far.</param>
    public void Write(
        TrainingPosition position,
        ParameterStore values,
        BestCheckpoint best,
        WeightAverage? average,
        ITrainingSession session,
        IReadOnlyList<EpochResult> epochs,
        IReadOnlyList<SkippedFile> skipped)
    {
        long start = time.GetTimestamp();
        var checkpoint = new TrainingCheckpoint
        {
            Fingerprint = fingerprint,
            Epoch = position.Epoch,
            Batch = position.Batch,
            Updates = position.Updates,
            Step = position.Step,
            Samples = position.Totals.Samples,
            LossSum = position.Totals.LossSum,
            Correct = position.Totals.Correct,
            LearningRate = position.Totals.LearningRate,
            OptimizerSteps = session.Steps,
            AverageSteps = average?.Steps ?? 0,
            BestEpoch = best.Epoch?.Epoch,
            Epochs = epochs,
            Skipped = skipped,
        };
        checkpoint.Write(path, values, best.Epoch is null ? null : best.Values, average?.Values, session);
        _written = time.GetTimestamp();
        _cost = time.GetElapsedTime(start);
    }

    /// <summary>Opens the checkpoint of this run.</summary>
    /// <param name="reader">The file, which the caller disposes; null when there is none.</param>
    /// <returns>What it says; null when there is none.</returns>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of a run with other options or pictures.</exception>
    public TrainingCheckpoint? Open(out SafetensorsReader? reader)
    {
        reader = null;
        if (!File.Exists(path))
        {
            return null;
        }

        SafetensorsReader opened = SafetensorsReader.Open(path);
        try
        {
            TrainingCheckpoint checkpoint = TrainingCheckpoint.Read(opened, path);
            if (checkpoint.Fingerprint != fingerprint)
            {
                throw new InvalidWeightsException(path, "the checkpoint is of a run with other options, other pictures or another version; it cannot go on exactly");
            }

            reader = opened;
            return checkpoint;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
