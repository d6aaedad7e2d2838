namespace MLClassify.Trainers;

/// <summary>Where a search stands.</summary>
/// <param name="Number">The trial's number, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Trial">Its settings.</param>
public sealed record SearchProgress(int Number, int Count, SearchTrial Trial)
{
    /// <summary>Where the trial's training stands; null when it begins and when it is over.</summary>
    public TrainingProgress? Training { get; init; }

    /// <summary>What the trial came to; null before its end.</summary>
    public TrialOutcome? Outcome { get; init; }
}
