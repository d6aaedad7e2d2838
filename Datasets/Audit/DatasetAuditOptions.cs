namespace MLClassify.Datasets;

/// <summary>What a <see cref="DatasetAudit"/> looks for.</summary>
public sealed record DatasetAuditOptions
{
    /// <summary>The largest class may have this many times the images of the smallest. Default 10; at least 1.</summary>
    public double LargestRatio { get; init; } = 10;

    /// <summary>Fewer images of a class than this are very few. Default 10; at least 0.</summary>
    public int FewImages { get; init; } = 10;

    /// <summary>Whether files are read to find duplicates. Default true.</summary>
    public bool FindDuplicates { get; init; } = true;

    /// <summary>Files above this many bytes are not compared. Default 256 MiB; at least 1.</summary>
    public long LargestFile { get; init; } = 256L << 20;

    /// <summary>How many items a warning lists; the rest is only counted. Default 100; at least 1.</summary>
    public int MostItems { get; init; } = 100;

    /// <summary>Files read at once. Default 0: as many as there are cores; at least 0.</summary>
    public int Threads { get; init; }

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        if (!(LargestRatio >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(LargestRatio), LargestRatio, "The ratio must be at least 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(FewImages);
        ArgumentOutOfRangeException.ThrowIfLessThan(LargestFile, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MostItems, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
