namespace MLClassify.Reports;

/// <summary>The throughput of a part of a run, in images per second.</summary>
/// <param name="Work">The part, such as <c>training</c>.</param>
/// <param name="ImagesPerSecond">Images a second.</param>
public sealed record RunSpeed(string Work, double ImagesPerSecond);

/// <summary>Facts about a run for its report that are not part of the result. All of it is optional.</summary>
public sealed record RunFacts
{
    /// <summary>The command line, as one would type it again. Default null: there was none.</summary>
    public string? CommandLine { get; init; }

    /// <summary>A description of the initial weights. Default null: unknown.</summary>
    public string? Start { get; init; }

    /// <summary>The images' folder; paths below it are shown from there. Default null: the images' common folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>A description of the validation split. Default null: unknown.</summary>
    public string? HeldOut { get; init; }

    /// <summary>The number of training images per class, by label. Default null: unknown.</summary>
    public IReadOnlyList<int>? TrainImagesPerClass { get; init; }

    /// <summary>Warnings. Default none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Throughput figures. Default none.</summary>
    public IReadOnlyList<RunSpeed> Speeds { get; init; } = [];
}
