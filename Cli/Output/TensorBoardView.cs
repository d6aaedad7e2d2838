using MLClassify.Reports;

namespace MLClassify.Cli.Output;

/// <summary>Writes a run's epochs for TensorBoard, and hands every report on.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="next">Who else wants to know.</param>
internal sealed class TensorBoardView(string folder, IProgress<TrainingProgress> next) : IProgress<TrainingProgress>, IDisposable
{
    private TensorBoardLog? _log;

    public void Report(TrainingProgress value)
    {
        if (value.Completed is { } epoch)
        {
            // A run that is resumed may do epochs again that were written before the interruption.
            _log ??= epoch.Epoch == 1 ? TensorBoardLog.Create(folder) : TensorBoardLog.Resume(folder, epoch.Epoch - 1, step: 0);
            _log.Add(value);
        }

        next.Report(value);
    }

    public void Dispose() => _log?.Dispose();
}
