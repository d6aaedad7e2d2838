using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>
/// A run's figures for TensorBoard. Once an epoch <c>loss/train</c>, <c>loss/val</c>, <c>accuracy/train</c>, <c>accuracy/val</c> and
/// <c>learning_rate</c>, whose step is the epoch; on request once a step <c>step/loss</c>, <c>step/accuracy</c> (means since the epoch
/// began), <c>step/learning_rate</c> and <c>step/images_per_second</c>, whose step counts batches from the run's beginning.
/// </summary>
public sealed class TensorBoardLog : IDisposable
{
    private const string StepPrefix = "step/";

    private readonly TensorBoardWriter _writer;

    private TensorBoardLog(TensorBoardWriter writer, bool logsSteps)
    {
        _writer = writer;
        LogsSteps = logsSteps;
    }

    /// <summary>Whether there are figures for each step, beside those for each epoch.</summary>
    public bool LogsSteps { get; }

    /// <summary>The event file.</summary>
    public string FilePath => _writer.FilePath;

    /// <summary>Begins a run's log.</summary>
    /// <param name="folder">The run's folder; created where it is absent.</param>
    /// <param name="logsSteps">Whether there are figures for each step.</param>
    /// <param name="time">Tells the time of each figure; the system's clock when null.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static TensorBoardLog Create(string folder, bool logsSteps = false, TimeProvider? time = null) =>
        new(TensorBoardWriter.Create(folder, time), logsSteps);

    /// <summary>Goes on with a run's log; begins it where there is none.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="epoch">The last epoch that the checkpoint has whole; figures of later ones are dropped, as the run writes them again.</param>
    /// <param name="step">The batches that the checkpoint has since the run's beginning; figures of later ones are dropped.</param>
    /// <param name="logsSteps">Whether there are figures for each step.</param>
    /// <param name="time">Tells the time of each figure; the system's clock when null.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static TensorBoardLog Resume(string folder, int epoch, long step, bool logsSteps = false, TimeProvider? time = null)
    {
        bool Keeps(string tag, long at) => at <= (tag.StartsWith(StepPrefix, StringComparison.Ordinal) ? step : epoch);
        return new(TensorBoardWriter.Resume(folder, Keeps, time), logsSteps);
    }

    /// <summary>Writes an epoch's figures.</summary>
    /// <param name="result">The epoch.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Add("loss/train", result.Epoch, result.TrainLoss);
        Add("loss/val", result.Epoch, result.ValLoss);
        Add("accuracy/train", result.Epoch, result.TrainAccuracy);
        Add("accuracy/val", result.Epoch, result.ValAccuracy);
        Add("learning_rate", result.Epoch, result.LearningRate);
    }

    /// <summary>Writes a step's figures where that is asked for, and the epoch's where the report ends one.</summary>
    /// <param name="progress">The report.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (LogsSteps && progress is { Phase: TrainingPhase.Training, Batch: > 0, Completed: null })
        {
            long step = ((progress.Epoch - 1L) * progress.Batches) + progress.Batch;
            Add(StepPrefix + "loss", step, progress.TrainLoss);
            Add(StepPrefix + "accuracy", step, progress.TrainAccuracy);
            Add(StepPrefix + "learning_rate", step, progress.LearningRate);
            Add(StepPrefix + "images_per_second", step, progress.ImagesPerSecond);
        }

        if (progress.Completed is { } epoch)
        {
            Add(epoch);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    private void Add(string tag, long step, double? value)
    {
        if (value is { } number)
        {
            _writer.Add(tag, step, number);
        }
    }
}
