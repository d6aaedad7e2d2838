namespace MLClassify.Reports;

/// <summary>How many images a second went through a part of a run.</summary>
/// <param name="Work">The part, such as <c>training</c>.</param>
/// <param name="ImagesPerSecond">Images a second.</param>
public sealed record RunSpeed(string Work, double ImagesPerSecond);

/// <summary>What a report says of a run that the result itself does not know. All of it is optional.</summary>
public sealed record RunFacts
{
    /// <summary>The command line, as one would type it again. Default null: there was none.</summary>
    public string? CommandLine { get; init; }

    /// <summary>What training started from, in words. Default null: not said.</summary>
    public string? Start { get; init; }

    /// <summary>The images' folder; paths below it are shown from there. Default null: the images' common folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Which images were held out, in words. Default null: not said.</summary>
    public string? HeldOut { get; init; }

    /// <summary>How many images each class had to learn from, by label. Default null: not known.</summary>
    public IReadOnlyList<int>? TrainImagesPerClass { get; init; }

    /// <summary>Warnings. Default none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How fast it went. Default none.</summary>
    public IReadOnlyList<RunSpeed> Speeds { get; init; } = [];
}
