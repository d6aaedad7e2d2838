namespace MLClassify.Graphs.Operators;

/// <summary>A parameter that an operator takes for given inputs.</summary>
/// <param name="Role">The role of the parameter.</param>
/// <param name="Dimensions">Dimensions in file order.</param>
internal sealed record ParameterSpec(ParameterRole Role, IReadOnlyList<int> Dimensions)
{
    /// <summary>A convolution's groups; 1 elsewhere.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the operator works without it; only the last may be.</summary>
    public bool IsOptional { get; init; }
}
