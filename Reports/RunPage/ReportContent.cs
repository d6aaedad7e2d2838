namespace MLClassify.Reports;

/// <summary>What a report page shows. What is absent has no section.</summary>
public sealed record ReportContent
{
    /// <summary>The page's title.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence below the title, such as what was trained on what. Default null: none.</summary>
    public string? Subtitle { get; init; }

    /// <summary>What the measurement found. Default null: nothing was measured.</summary>
    public EvaluationResult? Report { get; init; }

    /// <summary>The epochs in ascending order. Default none: nothing was trained.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The epoch that was kept. Default null: none.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>What the result itself does not know. Default: nothing.</summary>
    public RunFacts Facts { get; init; } = new();

    /// <summary>More of what was trained on what: names and values, in order. Default none.</summary>
    public IReadOnlyList<(string Name, string Value)> Details { get; init; } = [];

    /// <summary>The options: names and values, in order. Default none.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    /// <summary>The files that could not be used, and why. Default none.</summary>
    public IReadOnlyList<(string Path, string Reason)> Skipped { get; init; } = [];
}
