namespace MLClassify.Datasets;

/// <summary>A published dataset: its files, and how they are turned into an image folder.</summary>
public sealed record DatasetDefinition
{
    internal DatasetDefinition()
    {
    }

    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>The page that describes it.</summary>
    public required Uri Page { get; init; }

    /// <summary>What is known about its terms of use.</summary>
    public required string License { get; init; }

    /// <summary>Its files.</summary>
    internal IReadOnlyList<DatasetFile> Files { get; init; } = [];

    /// <summary>Turns the files, in their order, into a folder.</summary>
    internal Action<IReadOnlyList<string>, DatasetWriter, CancellationToken> Unpack { get; init; } = static (_, _, _) => { };
}
