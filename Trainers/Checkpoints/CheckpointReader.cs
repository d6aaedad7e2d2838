using MLClassify.Engines;
using MLClassify.WeightFiles;

namespace MLClassify.Trainers;

/// <summary>The checkpoint of an interrupted run, from which the run is restored: first its state, then the optimizer's.</summary>
internal sealed class CheckpointReader : IDisposable
{
    private readonly SafetensorsReader _file;
    private readonly TrainingCheckpoint _checkpoint;

    private CheckpointReader(SafetensorsReader file, TrainingCheckpoint checkpoint) => (_file, _checkpoint) = (file, checkpoint);

    /// <summary>Where the run goes on.</summary>
    public TrainingPosition Position => _checkpoint.Position;

    /// <summary>What computed it; null in old files, which the managed engine wrote.</summary>
    public EngineIdentity? Engine => _checkpoint.Engine;

    /// <summary>The batch that was found to fit; null where the options named one.</summary>
    public int? BatchSize => _checkpoint.BatchSize;

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fingerprint">What the run is.</param>
    /// <returns>The checkpoint; null when there is no file.</returns>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of a run with other options or images.</exception>
    public static CheckpointReader? Open(string path, string fingerprint)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        SafetensorsReader file = SafetensorsReader.Open(path);
        try
        {
            TrainingCheckpoint checkpoint = TrainingCheckpoint.Read(file, path);
            return checkpoint.Fingerprint == fingerprint
                ? new CheckpointReader(file, checkpoint)
                : throw new InvalidWeightsException(path, "the checkpoint is of a run with other options, other images or another version; it cannot go on exactly");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Restores all but the optimizer's state.</summary>
    /// <param name="state">The state of a run that has not begun.</param>
    /// <param name="validator">Evaluates the best epoch's values: its report is not kept, because the same values give the same again.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    public void Restore(TrainingState state, IValidator validator, CancellationToken cancellationToken)
    {
        TrainingCheckpoint.Restore(_file, "values", state.Values);
        state.Epochs.AddRange(_checkpoint.Epochs);
        state.Skipped.AddRange(_checkpoint.Skipped);
        if (state.Average is { } average)
        {
            TrainingCheckpoint.Restore(_file, "average", average.Values);
            average.Steps = _checkpoint.AverageSteps;
        }

        if (_checkpoint.BestEpoch is { } best)
        {
            TrainingCheckpoint.Restore(_file, "best", state.Best.Values);
            state.Best.Resume(state.Epochs.First(e => e.Epoch == best), validator.Evaluate(state.Best.Values, _ => { }, cancellationToken));
        }
    }

    /// <summary>Restores the optimizer's state.</summary>
    /// <param name="session">A new session of the stage in which the run was interrupted.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged.</exception>
    public void Restore(ITrainingSession session) => _checkpoint.Restore(_file, session);

    public void Dispose() => _file.Dispose();
}
