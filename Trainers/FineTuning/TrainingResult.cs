using MLClassify.Datasets;
using MLClassify.Engines;
using MLClassify.Evaluation;
using MLClassify.Models;

namespace MLClassify.Trainers;

/// <summary>The result of a training run: the best model, the last weights and the history.</summary>
public sealed class TrainingResult : IDisposable
{
    internal TrainingResult()
    {
    }

    /// <summary>The best epoch's network; that of the last step when no epoch was finished.</summary>
    public required TrainedModel Model { get; init; }

    /// <summary>The values after the last step.</summary>
    public required ParameterStore Last { get; init; }

    /// <summary>The options of the run, with all defaults filled in.</summary>
    public required FineTuneOptions Options { get; init; }

    /// <summary>The epochs that were finished.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The best epoch by validation accuracy, by loss among equals; null when none was finished.</summary>
    public required EpochResult? BestEpoch { get; init; }

    /// <summary>The validation result of the best epoch; null when no epoch was finished.</summary>
    public required ClassificationReport? Report { get; init; }

    /// <summary>Files that could not be read, and why.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Warnings.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether training was canceled.</summary>
    public required bool IsCanceled { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Frees the last step's values and hands the model over, which the caller then disposes.</summary>
    public TrainedModel TakeModel()
    {
        Last.Dispose();
        return Model;
    }

    /// <summary>Frees the model and the last step's values.</summary>
    public void Dispose()
    {
        Last.Dispose();
        Model.Dispose();
    }
}
