namespace MLClassify.Reports;

/// <summary>One of several runs that are looked at together.</summary>
public sealed record ComparedRun
{
    /// <summary>The run's name, different from the others'.</summary>
    public required string Name { get; init; }

    /// <summary>The network, or the model that training went on from. Default null: not known.</summary>
    public string? Network { get; init; }

    /// <summary>What differs from the other runs: options and their values. Every run of a comparison has the same names. Default none.</summary>
    public IReadOnlyList<(string Name, string Value)> Differences { get; init; } = [];

    /// <summary>The epochs in ascending order; may be empty.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The epoch that was kept. Default null: none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The share of held-out images that are recognized, 0..1. Default null: not measured.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The number of these images. Default null: not known.</summary>
    public long? Images { get; init; }

    /// <summary>The result on images that took no part in the run. Default null: there were none.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>The pooled result of a cross-validation. Default null: there was none.</summary>
    public EvaluationResult? CrossValidation { get; init; }

    /// <summary>The epochs that were asked for. Default null: not known.</summary>
    public int? PlannedEpochs { get; init; }

    /// <summary>The verdicts about the run; null where the curves alone are known.</summary>
    internal IReadOnlyList<Verdict>? Diagnosis { get; init; }

    /// <summary>Where the accuracy would lie on all images of the kind, with 95 % confidence; null where it is not known.</summary>
    public ConfidenceInterval? AccuracyInterval => ConfidenceInterval.Of(Accuracy, Images);

    /// <summary>The mean loss on them. Default null: not measured.</summary>
    public double? Loss { get; init; }

    /// <summary>The macro F1 on them, 0..1. Default null: not measured.</summary>
    public double? MacroF1 { get; init; }

    /// <summary>The seconds that the run took. Default null: not known.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// The runs from the best to the worst: by accuracy, by loss among equals, in the order given among those; what was not measured comes
    /// last.
    /// </summary>
    public static IReadOnlyList<ComparedRun> Rank(IEnumerable<ComparedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return [.. runs.OrderByDescending(run => run.Accuracy ?? double.NegativeInfinity).ThenBy(run => run.Loss is { } loss && !double.IsNaN(loss) ? loss : double.PositiveInfinity)];
    }
}
