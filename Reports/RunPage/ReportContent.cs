using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>The content of a report page; parts that are absent have no section.</summary>
public sealed record ReportContent
{
    /// <summary>The page's title.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence below the title, such as what was trained on what. Default null: none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>The evaluation result. Default null: nothing was evaluated.</summary>
    public EvaluationResult? Report { get; init; }

    /// <summary>The model's result on images that it was neither trained on nor chosen by. Default null: there is none.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>The pooled result of a cross-validation of the same training. Default null: there is none.</summary>
    public EvaluationResult? CrossValidation { get; init; }

    /// <summary>The epochs in ascending order. Default none: nothing was trained.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The epoch that was kept. Default null: none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether a linear head was solved to its optimum: its one row is no epoch, and there are no curves. Default false.</summary>
    public bool IsSolved { get; init; }

    internal bool HasCurves => Epochs.Count > 0 && !IsSolved;

    /// <summary>What the result is worth and what the curves show, in words. Default null: judged by <see cref="Report"/> and <see cref="Epochs"/>.</summary>
    public IReadOnlyList<Verdict>? Diagnosis { get; init; }

    internal IReadOnlyList<Verdict> Verdicts => Diagnosis ?? RunDiagnosis.Of(new JudgedRun
    {
        Validation = Report,
        Epochs = Epochs,
        BestEpoch = BestEpoch,
        IsSolved = IsSolved,
        Test = Test,
        CrossValidation = CrossValidation,
    });

    /// <summary>The strengths of regularization that were tried for a head that was solved. Default none.</summary>
    public IReadOnlyList<RegularizationPoint> Regularization { get; init; } = [];

    /// <summary>Facts that are not part of the result. Default: none.</summary>
    public RunFacts Facts { get; init; } = new();

    /// <summary>More of what was trained on what: names and values, in order. Default none.</summary>
    public IReadOnlyList<(string Name, string Value)> Details { get; init; } = [];

    /// <summary>The options: names and values, in order. Default none.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    /// <summary>The files that could not be used, and why. Default none.</summary>
    public IReadOnlyList<(string Path, string Reason)> Skipped { get; init; } = [];
}
