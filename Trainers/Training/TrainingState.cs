using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>What a run has so far, besides its position and the optimizer's state: together they are its checkpoint.</summary>
/// <param name="values">The network's values, which training changes; not disposed here.</param>
/// <param name="best">The best epoch; disposed with the state.</param>
/// <param name="average">The average of the weights, disposed with the state; null for none.</param>
internal sealed class TrainingState(ParameterStore values, BestCheckpoint best, WeightAverage? average) : IDisposable
{
    /// <summary>The network's values.</summary>
    public ParameterStore Values => values;

    /// <summary>What is validated and kept: the average where there is one, else the values themselves.</summary>
    public ParameterStore Measured => average?.Values ?? values;

    /// <summary>The best epoch.</summary>
    public BestCheckpoint Best => best;

    /// <summary>The average of the weights; null for none.</summary>
    public WeightAverage? Average => average;

    /// <summary>The epochs that were finished, in order.</summary>
    public List<EpochResult> Epochs { get; } = [];

    /// <summary>Files that could not be read, by the loaders that are gone.</summary>
    public List<SkippedFile> Skipped { get; } = [];

    public void Dispose()
    {
        best.Dispose();
        average?.Dispose();
    }
}
