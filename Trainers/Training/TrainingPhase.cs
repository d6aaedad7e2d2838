namespace MLClassify;

/// <summary>The phases of a run.</summary>
public enum TrainingPhase
{
    /// <summary>The frozen backbone runs once over every image.</summary>
    Features,

    /// <summary>Steps of the optimizer.</summary>
    Training,

    /// <summary>The validation set.</summary>
    Evaluating,

    /// <summary>The head is solved; a batch is one strength of regularization.</summary>
    Solving,
}
