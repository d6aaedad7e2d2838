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

    /// <summary>
    /// The best trial's classifier, measured on images that no trial saw or was chosen by: the figure to expect of it. Null without such
    /// images, or without a trial that has a result.
    /// </summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>
    /// Why the best accuracy is too good to be expected, in a sentence; null where it is the only one. The best of several is in part the
    /// luckiest: where the intervals of many trials overlap, so much the more.
    /// </summary>
    public string? Caution
    {
        get
        {
            TrialOutcome[] measured = [.. Outcomes.Where(o => o.AccuracyInterval is not null)];
            if (measured.Length < 2)
            {
                return null;
            }

            int near = measured.Count(o => o.Accuracy >= measured[0].AccuracyInterval!.Value.Low);
            string alike = near > 1 ? FormattableString.Invariant($"; {near} of them cannot be told apart (their figures lie inside the best one's interval, {measured[0].AccuracyInterval})") : "";
            return FormattableString.Invariant($"The best of {measured.Length} trials, by the same {measured[0].Images} images, is in part the luckiest{alike}.");
        }
    }

    /// <summary>Whether the search was ended before its last trial. Default false.</summary>
    public bool IsCanceled { get; init; }

    /// <summary>The number of trials and the best one's settings and accuracy, on one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Outcomes.Count} trials; best: ")
        + (Best is { } best ? FormattableString.Invariant($"{best.Trial} ({100 * best.Accuracy:0.0} %{(best.AccuracyInterval is { } interval ? $", 95 % interval {interval}" : "")})") : "none")
        + (Test is { } test ? FormattableString.Invariant($"; on {test.Images} test images {100 * test.Accuracy:0.0} %, 95 % interval {test.AccuracyInterval}") : "");
}
