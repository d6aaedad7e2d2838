namespace MLClassify.WeightFiles;

/// <summary>A parameter whose shape in the file is another.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Expected">The network's dimensions.</param>
/// <param name="Found">The file's dimensions.</param>
internal sealed record ShapeMismatch(string Name, IReadOnlyList<int> Expected, IReadOnlyList<long> Found)
{
    /// <summary>The mismatch in words.</summary>
    public override string ToString() => $"{Name} is [{string.Join(", ", Found)}], expected [{string.Join(", ", Expected)}]";
}

/// <summary>What of a weight file went where.</summary>
internal sealed record LoadReport
{
    /// <summary>Parameters that the file gives, in the graph's order.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Parameters that the file lacks, in the graph's order.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The file's tensors that the network has no place for, in the file's order; batch counters are not among them.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Parameters whose shape in the file is another, in the graph's order.</summary>
    public required IReadOnlyList<ShapeMismatch> ShapeMismatches { get; init; }

    /// <summary>Whether file and network have the same parameters.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && ShapeMismatches.Count == 0;
}
