namespace MLClassify.Evaluation;

/// <summary>What is known of a run that is judged.</summary>
internal sealed record JudgedRun
{
    /// <summary>The best epoch's result on the images that are held out; null where there is none.</summary>
    public EvaluationResult? Validation { get; init; }

    /// <summary>The epochs in ascending order; a head that was solved has one row.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The epoch that was kept; null where there is none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether a head was solved: its one row makes no curve.</summary>
    public bool IsSolved { get; init; }

    /// <summary>The number of first epochs in which the head alone was trained, of a run that went on to the whole network.</summary>
    public int HeadEpochs { get; init; }

    /// <summary>The model's result on images that took no part; null where there are none.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>The pooled result of a cross-validation; null where there was none.</summary>
    public EvaluationResult? CrossValidation { get; init; }
}
