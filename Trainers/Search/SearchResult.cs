namespace MLClassify.Trainers;

/// <summary>What the trials of a search came to; <c>SearchReport</c> of MLClassify.Reports makes it a table, a CSV file and a page.</summary>
public sealed class SearchResult
{
    /// <summary>Takes the outcomes.</summary>
    /// <param name="outcomes">What the trials came to, in any order.</param>
    public SearchResult(IEnumerable<TrialOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        Outcomes =
        [
            .. outcomes.OrderByDescending(o => o.Accuracy ?? -1).ThenBy(o => o.Loss is { } loss && !double.IsNaN(loss) ? loss : double.MaxValue).ThenBy(o => o.Number),
        ];
    }

    /// <summary>The trials from the best to the worst: by accuracy, by loss among equals; those without a result last.</summary>
    public IReadOnlyList<TrialOutcome> Outcomes { get; }

    /// <summary>The best trial; null when none has a result.</summary>
    public TrialOutcome? Best => Outcomes.FirstOrDefault(o => o.Accuracy is not null);

    /// <summary>Whether the search was ended before its last trial. Default false.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The number of trials and the best one's settings and accuracy, on one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Outcomes.Count} trials; best: ")
        + (Best is { } best ? FormattableString.Invariant($"{best.Trial} ({100 * best.Accuracy:0.0} %)") : "none");
}
