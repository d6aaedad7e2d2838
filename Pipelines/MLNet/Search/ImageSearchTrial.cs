namespace MLClassify.MLNet;

/// <summary>What one trial of a search came to: a trainer on the features of a network.</summary>
public sealed record ImageSearchTrial
{
    /// <summary>The network, with its weights.</summary>
    public required string Backbone { get; init; }

    /// <summary>The trainer.</summary>
    public required string Trainer { get; init; }

    /// <summary>
    /// The result on the held-out images, the same for all trials; of all folds together where there are folds. Null where there is none, see
    /// <see cref="Failure"/>.
    /// </summary>
    public EvaluationResult? Evaluation { get; init; }

    /// <summary>How long the trainer worked, on features that were there: the mean of the folds.</summary>
    public TimeSpan TrainingTime { get; init; }

    /// <summary>The process's CPU time meanwhile.</summary>
    public TimeSpan TrainingCpuTime { get; init; }

    /// <summary>Milliseconds that an image takes from its file to its scores, in batches: decoding, network and model.</summary>
    public double ScoringMilliseconds { get; init; }

    /// <summary>Why there is no result: what was thrown, or that there was no time left. Null where there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it failed, rather than had no time.</summary>
    internal bool IsFailed { get; init; }

    /// <summary>The network's multiply-adds for an image, by which equals are ranked: unlike a time, it is the same in every run.</summary>
    internal long MultiplyAdds { get; init; }

    /// <summary>Network, trainer, and the accuracy with its interval, or why there is none.</summary>
    public override string ToString() => Evaluation is { } result
        ? FormattableString.Invariant($"{Backbone} with {Trainer}: {100 * result.Accuracy:0.0} %, 95 % interval {result.AccuracyInterval}")
        : $"{Backbone} with {Trainer}: {Failure}";
}
