namespace MLClassify.Graphs;

/// <summary>The role of a parameter in its operator.</summary>
internal enum ParameterRole
{
    /// <summary>A convolution's filters, <c>[out, in / groups, height, width]</c>.</summary>
    ConvolutionWeight,

    /// <summary>A linear layer's matrix, <c>[out, in]</c>.</summary>
    LinearWeight,

    /// <summary>A bias, <c>[out]</c>.</summary>
    Bias,

    /// <summary>A normalization's factor, <c>[channels]</c>.</summary>
    NormScale,

    /// <summary>A normalization's offset, <c>[channels]</c>.</summary>
    NormShift,

    /// <summary>Batch normalization's running mean: state, not trained.</summary>
    RunningMean,

    /// <summary>Batch normalization's running variance: state, not trained.</summary>
    RunningVariance,
}

/// <summary>
/// A named parameter's declaration. Names and dimensions are those of the outside world (torchvision's), whatever the layout in memory.
/// </summary>
internal sealed record Parameter
{
    /// <summary>torchvision's name, such as <c>layer1.0.conv1.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is to its operator.</summary>
    public required ParameterRole Role { get; init; }

    /// <summary>Dimensions in file order.</summary>
    public required IReadOnlyList<int> Dimensions { get; init; }

    /// <summary>How a fresh network sets it.</summary>
    public required Initializer Initializer { get; init; }

    /// <summary>A convolution's groups; 1 elsewhere.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>
    /// The map that a linear layer's input was flattened from, or null. Outside, features count channels, rows, columns; inside, rows,
    /// columns, channels.
    /// </summary>
    public Shape? FlattenedFrom { get; init; }

    /// <summary>Whether an optimizer may change it; running statistics are state.</summary>
    public bool IsTrainable => Role is not (ParameterRole.RunningMean or ParameterRole.RunningVariance);

    /// <summary>The number of values.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));
}
