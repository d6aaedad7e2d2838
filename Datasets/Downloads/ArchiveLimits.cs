namespace MLClassify.Datasets;

/// <summary>What an archive may hold at most. The published ones hold a quarter of this or less.</summary>
internal sealed record ArchiveLimits
{
    /// <summary>The most entries, of any kind. Default 100,000.</summary>
    public int Entries { get; init; } = 100_000;

    /// <summary>The most bytes of one file. Default 64 MiB.</summary>
    public long EntryBytes { get; init; } = 64 << 20;

    /// <summary>The most bytes of everything, decompressed. Default 4 GiB.</summary>
    public long TotalBytes { get; init; } = 4L << 30;
}
