namespace MLClassify;

/// <summary>What a run is busy with.</summary>
public enum TrainingPhase
{
    /// <summary>The frozen backbone runs once over every picture.</summary>
    Features,

    /// <summary>Steps of the optimiser.</summary>
    Training,

    /// <summary>The validation set.</summary>
    Evaluating,
}
